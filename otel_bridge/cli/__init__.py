"""The command line: ``otel-bridge``."""

from otel_bridge.cli.main import main

__all__ = ["main"]

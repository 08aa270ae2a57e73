"""``python -m otel_bridge`` is the same as ``otel-bridge``."""

import sys

from otel_bridge.cli import main

sys.exit(main())

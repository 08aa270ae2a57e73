"""The only place where the stages meet."""

from otel_bridge.pipeline.approval import BeforeSend, OnLoss
from otel_bridge.pipeline.pipeline import Output, Pipeline, Remains

__all__ = ["BeforeSend", "OnLoss", "Output", "Pipeline", "Remains"]

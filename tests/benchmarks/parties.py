"""The set-ups that are compared, each as its documentation says, all exporting to one sink."""

from collections.abc import Callable

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider


def _nothing(_: int) -> None:
    """The SDK alone: spans are made and forgotten."""
    trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False))


def _stock(port: int) -> None:
    """The SDK's own batch processor and OTLP exporter over HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"http://127.0.0.1:{port}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def _logfire(port: int) -> None:
    """Logfire with the scrubbing it does by default, exporting like the stock set-up."""
    import logfire  # noqa: PLC0415
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    exporter = OTLPSpanExporter(f"http://127.0.0.1:{port}/v1/traces")
    logfire.configure(
        send_to_logfire=False,
        console=False,
        service_name="bench",
        additional_span_processors=[BatchSpanProcessor(exporter)],
    )


def _sentry(port: int) -> None:
    """sentry-sdk's OTLP integration, capturing exceptions as the bridge does."""
    import sentry_sdk  # noqa: PLC0415
    from sentry_sdk.integrations.otlp import OTLPIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=f"http://key@127.0.0.1:{port}/1",
        integrations=[OTLPIntegration(capture_exceptions=True)],
    )


def _bridge(port: int) -> None:
    """The bridge with everything on: scrubbing, error events, forwarding."""
    import otel_bridge  # noqa: PLC0415

    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(
        otel_bridge.BridgeSpanProcessor(
            dsn=f"http://{'a' * 32}@127.0.0.1:{port}/1",
            otlp_endpoint=f"http://127.0.0.1:{port}",
        )
    )
    trace.set_tracer_provider(provider)


PARTIES: dict[str, Callable[[int], None]] = {
    "SDK without a processor": _nothing,
    "stock batch processor and OTLP exporter": _stock,
    "Logfire, default scrubbing": _logfire,
    "sentry-sdk OTLPIntegration": _sentry,
    "otel_bridge": _bridge,
}
NOTHING, STOCK, LOGFIRE, SENTRY, BRIDGE = PARTIES

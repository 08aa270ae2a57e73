"""Start without code: what OpenTelemetry's automatic instrumentation and its file find and call.

It is called in the same way as the instrumentors of ``opentelemetry-instrumentation``, and does
not need that package: ``opentelemetry-instrument``, the Kubernetes operator and declarative
configuration (``instrumentation/development: python: otel_bridge:``) find it by entry point.
"""

import logging
from collections.abc import Collection

from opentelemetry import _logs, trace

from otel_bridge.config.env import environment
from otel_bridge.errors import ConfigError
from otel_bridge.instrument.bridge import current_bridge
from otel_bridge.instrument.setup import init_without_code

logger = logging.getLogger("otel_bridge")

_NOT_OPTIONS = frozenset(
    {"skip_dep_check", "raise_exception_on_conflict", "tracer_provider", "meter_provider"}
    | {"logger_provider"}
)
"""What every instrumentor may be given."""


class OtelBridgeInstrumentor:
    """Starts the bridge of the process. May be called any number of times."""

    _has_failed = False

    @property
    def is_instrumented_by_opentelemetry(self) -> bool:
        """Whether the bridge runs already."""
        return current_bridge() is not None

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: no library has to be there."""
        return ()

    def instrument(self, **options: object) -> None:
        """Start, with options from the call, the environment and the configuration file.

        With unusable options nothing is started, and nothing leaves the process by the exporters
        that the bridge was to scrub: the application runs on without telemetry.
        """
        if self._has_failed or _is_disabled():
            return
        own = {name: value for name, value in options.items() if name not in _NOT_OPTIONS}
        try:
            init_without_code(**own)  # type: ignore[arg-type]  # checked in there
        except ConfigError as error:
            OtelBridgeInstrumentor._has_failed = True
            for problem in error.problems:
                logger.error("otel_bridge: %s", problem)  # noqa: TRY400  # the problem says it all
            _withhold()
            logger.error(  # noqa: TRY400  # as above
                "otel_bridge is not running; until its options are corrected, spans and logs of "
                "this process are not exported, because nothing would scrub them"
            )

    def uninstrument(self, **_options: object) -> None:
        """Stop the bridge."""
        bridge = current_bridge()
        if bridge is not None:
            bridge.shutdown()


def _is_disabled() -> bool:
    return environment().get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def _withhold() -> None:
    """Take the processors out of the providers of the process."""
    for provider, multi_name, list_name in (
        (trace.get_tracer_provider(), "_active_span_processor", "_span_processors"),
        (_logs.get_logger_provider(), "_multi_log_record_processor", "_log_record_processors"),
    ):
        multi = getattr(provider, multi_name, None)
        if isinstance(getattr(multi, list_name, None), tuple):
            setattr(multi, list_name, ())

"""What a log line says about the request it belongs to: the ids of trace, span and error.

Log lines know no bridge, so there is one of these a process, like OpenTelemetry's own context.
"""

from opentelemetry import trace
from opentelemetry.context import Context, get_current
from opentelemetry.trace import INVALID_SPAN_CONTEXT, SpanContext

from otel_bridge.logs.known_errors import KnownErrors, mark_of
from otel_bridge.logs.request_id import current_request_id

FIELDS = ("trace_id", "span_id", "trace_flags", "error_id", "request_id")
"""The names, as the OpenTelemetry specification has them where it has any."""


class Correlation:
    """Reads the fields of the current context; keeps those of the span that was asked for last."""

    def __init__(self) -> None:
        self.known_errors = KnownErrors()
        self._latest: tuple[SpanContext | None, dict[str, str]] = (None, {})

    def fields(self, exc: BaseException | None = None) -> dict[str, str]:
        """Return the fields that are known, a new dictionary; without a span it may be empty.

        Args:
            exc: The exception that the line tells of. One that a span was seen to end with brings
                its ids along when the span is over.
        """
        current = get_current()
        context = current_span_context(current)
        if context.trace_id:
            fields = self._of_span(context)
            if self.known_errors:
                error = self.known_errors.at(context.trace_id, context.span_id)
                if error is not None and (error_id := error.error_id):
                    fields["error_id"] = error_id
        else:
            fields = {}
        if exc is not None:
            _add_mark(fields, exc)
        if request_id := current_request_id(current, context.trace_id):
            fields["request_id"] = request_id
        return fields

    def _of_span(self, context: SpanContext) -> dict[str, str]:
        known, fields = self._latest
        if known is not context:
            fields = {
                "trace_id": f"{context.trace_id:032x}",
                "span_id": f"{context.span_id:016x}",
                "trace_flags": f"{context.trace_flags:02x}",
            }
            self._latest = (context, fields)
        return fields.copy()


def _add_mark(fields: dict[str, str], exc: BaseException) -> None:
    found = mark_of(exc)
    if found is None:
        return
    trace_id = f"{found.trace_id:032x}"
    if "trace_id" not in fields and found.trace_id:
        fields["trace_id"] = trace_id
        fields["span_id"] = f"{found.span_id:016x}"
        fields["trace_flags"] = f"{found.trace_flags:02x}"
    if fields.get("trace_id", trace_id) == trace_id and (error_id := found.error_id):
        fields["error_id"] = error_id


def current_span_context(current: Context | None = None) -> SpanContext:
    """Return the ids of the current span; zeros where there is none.

    A propagator of no formats makes instrumentations attach None as the current context, with
    which OpenTelemetry's own function for this fails.
    """
    found: Context | None = get_current() if current is None else current
    if found is None:
        return INVALID_SPAN_CONTEXT
    return trace.get_current_span(found).get_span_context()


CORRELATION = Correlation()


def trace_fields(exc: BaseException | None = None) -> dict[str, str]:
    """Return ``trace_id``, ``span_id``, ``trace_flags``, ``error_id`` and ``request_id``.

    Lower-case hexadecimal; what is not known is left out.

    Args:
        exc: The exception that is being told of, if any.
    """
    return CORRELATION.fields(exc)

"""Which spans of traces that were not sampled are worth looking into: those around an error."""

from collections import OrderedDict

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

MAX_FAILING = 4096
"""Traces with an error that are told from the others; of more, the oldest are forgotten."""


class UnsampledGate:
    """Let through, of traces that nobody will see, what an error event is made of.

    Those are the spans with an exception or status ERROR, and what ends after them in the same
    trace up to its local root: the request that they failed in. May be used by several threads.

    Args:
        wants_roots: Let all local roots through, because requests are counted.
    """

    def __init__(self, *, wants_roots: bool = False) -> None:
        self._wants_roots = wants_roots
        self._failing: OrderedDict[int, None] = OrderedDict()

    def wants(self, span: ReadableSpan) -> bool:
        """Return whether an ended span of an unsampled trace is to be looked into."""
        context = span.context
        if context is None:
            return True
        parent = span.parent
        is_root = parent is None or parent.is_remote
        failing = self._failing
        if span.status.status_code is StatusCode.ERROR or _has_exception(span):
            if not is_root:
                self.note(context.trace_id)
            return True
        if is_root:
            return failing.pop(context.trace_id, _MISSING) is None or self._wants_roots
        return context.trace_id in failing

    def note(self, trace_id: int) -> None:
        """Remember that a trace has an error."""
        self._failing[trace_id] = None
        if len(self._failing) > MAX_FAILING:
            self._failing.popitem(last=False)


_MISSING = object()


def _has_exception(span: ReadableSpan) -> bool:
    return any(event.name == "exception" for event in span.events)

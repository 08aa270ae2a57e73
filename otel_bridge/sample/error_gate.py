"""What error events are told and asked on their way out: never by the fate of their trace."""

from collections.abc import Callable, Mapping
from typing import Any

from otel_bridge.sample.budget import ErrorBudget, ErrorRate
from otel_bridge.sample.kind_of_error import kind_of
from otel_bridge.sample.remembered import DroppedTraces
from otel_bridge.wire.clean import CleanBatch

_UNSAMPLED_BYTES = 1 << 20
"""Room for about 50 000 traces that were not sampled and are here for an error."""
_UNSAMPLED_S = 60.0

FAULT = "error_budget"


class ErrorGate:
    """Hold error events against the budget and the rate.

    Args:
        budget: The budget for each kind of failure, or None.
        rate: The rate over all events.
        on_fault: Told when the budget itself fails; the event then passes.
    """

    def __init__(
        self,
        budget: ErrorBudget | None = None,
        rate: ErrorRate | None = None,
        on_fault: Callable[[str], None] = lambda _fault: None,
    ) -> None:
        self._budget = budget
        self._rate = rate or ErrorRate()
        self._on_fault = on_fault
        self._unsampled = DroppedTraces(_UNSAMPLED_BYTES, _UNSAMPLED_S)

    def note_unsampled(self, batch: CleanBatch, now: float) -> None:
        """Remember that the traces of these spans were not sampled."""
        for record in batch.records():
            self._unsampled.add(_key(record.trace_id.hex()), now)

    def admit(self, event: dict[str, Any], now: float) -> bool:
        """Hold an event against its budget.

        An event that is kept is told, in its contexts, whether its trace was not sampled and how
        many events like it were suppressed before it.
        """
        contexts: dict[str, Any] = event.get("contexts") or {}
        trace = contexts.get("trace")
        if isinstance(trace, dict) and _key(trace.get("trace_id", "")) in self._unsampled:
            trace["sampled"] = False
        if self._budget is None:
            return True
        try:
            admission = self._budget.admit(kind_of(event), now)
        except Exception:  # noqa: BLE001 - a fault of ours must not cost the error
            self._on_fault(FAULT)
            return True
        if admission.suppressed:
            event["contexts"] = contexts
            contexts["error_budget"] = {
                "type": "error_budget",
                "suppressed_events": admission.suppressed,
            }
        return admission.keep

    def keeps(self, event: Mapping[str, Any]) -> bool:
        """Return whether the rate over all events keeps this one."""
        return self._rate.keeps(event, {})

    def give_back(self, event: Mapping[str, Any], now: float) -> None:
        """Have the next event tell a count whose event does not leave after all."""
        told = (event.get("contexts") or {}).get("error_budget")
        if self._budget is not None and told:
            self._budget.give_back(kind_of(event), told["suppressed_events"], now)


def _key(trace_id: object) -> bytes:
    return str(trace_id).encode("utf-8", "surrogatepass")

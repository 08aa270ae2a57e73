"""What policies can know about a trace, read from its bytes only when they ask."""

from collections.abc import Iterator, Mapping

from otel_bridge.sample.noted import noted_threshold
from otel_bridge.sample.probability import NOTHING, OtState
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.sample.tracestate import ot_of
from otel_bridge.wire.gather import CleanPlace
from otel_bridge.wire.peek import AttributeProbe, SpanParts, trace_state_of

ROUTE = AttributeProbe("http.route")
HTTP_STATUS = (
    AttributeProbe("http.response.status_code"),
    AttributeProbe("http.status_code"),  # before the HTTP conventions became stable
)


class Facts:
    """One trace at the moment it is judged."""

    __slots__ = ("_ot", "_randomness", "_root", "trace")

    def __init__(self, trace: OpenTrace) -> None:
        self.trace = trace
        self._ot: OtState | None = None
        self._randomness: int | None = None
        self._root: SpanParts | None = None

    @property
    def ot(self) -> OtState:
        """What an upstream sampler wrote."""
        if self._ot is None:
            state = trace_state_of(self.trace.records[0].raw)
            self._ot = ot_of(state.decode("utf-8", "replace")) if state else NOTHING
        return self._ot

    @property
    def randomness(self) -> int:
        """What thresholds are compared with; the same for all who see this trace."""
        found = self._randomness
        if found is None:
            trace = self.trace
            found = None
            if trace_state_of(trace.records[0][8]):
                found = self.ot.randomness
            if found is None:
                found = int.from_bytes(trace.trace_id[-7:], "big")  # see ``randomness_of``
            self._randomness = found
        return found

    @property
    def upstream(self) -> int:
        """The threshold that this trace has already passed; 0 if nobody says, or not the truth."""
        threshold = self.ot.threshold
        if threshold is None:
            threshold = noted_threshold(self.trace.records[0].raw)
        return threshold if threshold <= self.randomness else 0

    @property
    def spans(self) -> int:
        """Number of spans seen."""
        return len(self.trace.records)

    @property
    def size(self) -> int:
        """Serialized size of the spans seen."""
        return sum(len(record.raw) for record in self.trace.records)

    @property
    def root(self) -> SpanParts:
        """The local root's span; without name and attributes if it was not seen."""
        if self._root is None:
            record = self.trace.root
            self._root = SpanParts(record.raw if record is not None else b"")
        return self._root

    @property
    def name(self) -> str:
        """The route of the local root, else its name; empty if it was not seen."""
        route = self.root.value(ROUTE)
        return route if isinstance(route, str) and route else self.root.name

    @property
    def service(self) -> str:
        """The ``service.name`` of the local root, or of the first span."""
        place = self.trace.root_place or self.trace.home
        return service_of(place.attributes) if place is not None else ""

    @property
    def http_status(self) -> int | None:
        """The status of the local root's HTTP response."""
        for probe in HTTP_STATUS:
            status = self.root.value(probe)
            if isinstance(status, int):
                return status
        return None

    def raws(self) -> Iterator[bytes]:
        """Iterate over the serialized spans."""
        return (record.raw for record in self.trace.records)

    def places(self) -> list[CleanPlace]:
        """Return the places that spans belong to."""
        return list(dict.fromkeys(self.trace.places()))


def service_of(resource: Mapping[str, object]) -> str:
    """Return the ``service.name`` among resource attributes, or an empty text."""
    name = resource.get("service.name")
    return name if isinstance(name, str) else ""

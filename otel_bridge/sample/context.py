"""What a ``traces_sampler`` is told about the span that starts a trace in this process."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from otel_bridge.sample.probability import RANDOM_BITS, OtState, rate_of

_SOURCES = {True: "route", False: "custom"}


class Parent(NamedTuple):
    """The remote span that a span continues."""

    span_id: int
    sampled: bool
    ot: OtState


class Start(NamedTuple):
    """A span that is about to start and has no parent in its process."""

    trace_id: int
    name: str
    kind: str
    """``internal``, ``server``, ``client``, ``producer`` or ``consumer``."""
    attributes: Mapping[str, Any]
    parent: Parent | None = None

    @property
    def randomness(self) -> int:
        """What thresholds are compared with: the parent's ``rv``, else the trace id's."""
        given = None if self.parent is None else self.parent.ot.randomness
        return self.trace_id & RANDOM_BITS if given is None else given

    @property
    def upstream(self) -> int | None:
        """The threshold that the parent compared with; None if nobody says, or not the truth.

        Sampled, and yet below the threshold: the probability is unknown, so nobody shall count.
        """
        parent = self.parent
        if parent is None or parent.ot.threshold is None:
            return None
        is_true = not parent.sampled or self.randomness >= parent.ot.threshold
        return parent.ot.threshold if is_true else None


class SamplingContext(Mapping[str, Any]):
    """A span's start, by attribute and by the keys that sentry-sdk uses.

    As a mapping it has ``transaction_context`` (``trace_id``, ``parent_span_id``, ``op``,
    ``name``, ``source``, ``data``), ``parent_sampled`` and ``parent_sample_rate``.
    """

    __slots__ = ("_start", "environment", "service")

    def __init__(self, start: Start, service: str, environment: str) -> None:
        self._start = start
        self.service = service
        self.environment = environment

    @property
    def name(self) -> str:
        """The span's name."""
        return self._start.name

    @property
    def kind(self) -> str:
        """``internal``, ``server``, ``client``, ``producer`` or ``consumer``."""
        return self._start.kind

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The attributes that the span starts with; later ones are not known yet."""
        return self._start.attributes

    @property
    def trace_id(self) -> str:
        """The trace id, 32 hexadecimal digits."""
        return f"{self._start.trace_id:032x}"

    @property
    def parent_sampled(self) -> bool | None:
        """What the calling service decided; None if there is none."""
        parent = self._start.parent
        return None if parent is None else parent.sampled

    @property
    def parent_sample_rate(self) -> float | None:
        """The probability at which the calling service decided; None if that is unknown."""
        threshold = self._start.upstream
        return None if threshold is None else rate_of(threshold)

    def inherit_or_sample_with(self, rate: float) -> float:
        """Return the parent's rate, else its decision as 1 or 0, else ``rate``."""
        inherited = self.parent_sample_rate
        if inherited is not None:
            return inherited
        sampled = self.parent_sampled
        return rate if sampled is None else float(sampled)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - texts, tables, numbers
        match key:
            case "transaction_context":
                return self._transaction_context()
            case "parent_sampled":
                return self.parent_sampled
            case "parent_sample_rate":
                return self.parent_sample_rate
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(("transaction_context", "parent_sampled", "parent_sample_rate"))

    def __len__(self) -> int:
        return 3

    def _transaction_context(self) -> dict[str, Any]:
        start = self._start
        return {
            "trace_id": self.trace_id,
            "parent_span_id": f"{start.parent.span_id:016x}" if start.parent else None,
            "op": start.attributes.get("sentry.op") or start.kind,
            "name": start.name,
            "source": _SOURCES["http.route" in start.attributes],
            "data": dict(start.attributes),
        }

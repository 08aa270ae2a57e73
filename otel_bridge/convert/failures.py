"""Sightings under one entry span, put together to failures with what each came from."""

from bisect import bisect_right
from typing import NamedTuple

from otel_bridge.convert.recent import Climb
from otel_bridge.convert.sameness import (
    is_cause,
    is_replaced_by,
    name_of,
    named_by,
    same_failure,
)
from otel_bridge.convert.sighting import Shape, Sighting

_MAX_COMPARED = 64
"""Failures under one entry span that a sighting is compared with; more are a loop gone wild."""
_MAX_CANDIDATES = 8
"""Failures that seem to come from another one and are looked at closely."""
_MAX_TOLD = 3
"""Sightings of a failure that speak for all of them."""


class Failure(NamedTuple):
    """Everything that tells of one failure."""

    sightings: tuple[Sighting, ...]
    """The deepest span first."""
    climb: Climb
    """The way up from the first of them."""
    causes: tuple[Sighting, ...] = ()
    """Records of exceptions that this failure was raised from; its event tells of them."""


Member = tuple[Sighting, Climb]


def group(members: list[Member]) -> list[Failure]:
    """Put sightings under one entry span together that are one failure, the deepest first."""
    if len(members) == 1:
        ((sighting, climb),) = members
        return [Failure((sighting,), climb)]
    members.sort(key=_place)
    groups: list[list[Member]] = []
    for member in members:
        if member[0].shape is Shape.FAILED_SPAN and groups:
            # The span failed because of what is known already.
            continue
        for known in groups[-_MAX_COMPARED:]:
            if any(same_failure(member[0], seen) for seen, _ in known[:_MAX_TOLD]):
                known.append(member)
                break
        else:
            groups.append([member])
    if len(groups) == 1:
        return [Failure(_sightings(groups[0]), groups[0][0][1])]
    return _with_causes(groups)


def _with_causes(groups: list[list[Member]]) -> list[Failure]:
    """Make a failure of each group; one that is a cause in a later one's chain is part of it."""
    index = _Index(groups)
    causes: dict[int, list[Sighting]] = {}
    failures: list[Failure] = []
    for at, known in enumerate(groups):
        sightings = _sightings(known)
        home = index.home_of(at)
        if home is None:
            failures.append(Failure(sightings, known[0][1], tuple(causes.pop(at, ()))))
        else:
            causes.setdefault(home, []).extend((*causes.pop(at, ()), *sightings))
    return failures


class _Index:
    """Where each exception is named: every text is read once, however many others there are."""

    def __init__(self, groups: list[list[Member]]) -> None:
        self._groups = groups
        self._naming: dict[tuple[str, str], list[int]] = {}
        self._at_span: dict[bytes, list[int]] = {}
        for at, known in enumerate(groups):
            self._at_span.setdefault(known[0][0].span_id, []).append(at)
            names = {name for seen, _ in known[:_MAX_TOLD] for name in named_by(seen)}
            for name in names:
                self._naming.setdefault(name, []).append(at)

    def home_of(self, at: int) -> int | None:
        """Return the failure that was raised from this one: it was seen as deep or higher up."""
        known = self._groups[at]
        cause = known[0][0]
        for later in _after(self._naming.get(name_of(cause), []), at):
            if any(is_cause(cause, seen) for seen, _ in self._groups[later][:_MAX_TOLD]):
                return later
        last = known[-1][0]
        above = self._at_span.get(last.span.parent_span_id, []) if last.span is not None else []
        for later in _after(above, at):
            if is_replaced_by(last, self._groups[later][0][0]):
                return later
        return None


def _after(found: list[int], at: int) -> list[int]:
    start = bisect_right(found, at)
    return [
        later for later in found[start : start + _MAX_CANDIDATES] if later - at < _MAX_COMPARED
    ]


def _sightings(known: list[Member]) -> tuple[Sighting, ...]:
    return tuple(sighting for sighting, _ in known)


def _place(member: Member) -> tuple[bool, int, int, int]:
    sighting, climb = member
    is_failed_span = sighting.shape is Shape.FAILED_SPAN
    return is_failed_span, -climb.depth, _ORDER[sighting.shape], sighting.time_ns


_ORDER = {Shape.SPAN_EVENT: 0, Shape.LOG: 1, Shape.MESSAGE: 2, Shape.FAILED_SPAN: 3}

"""Which error event belongs to a place in a trace, and to an exception.

Written where spans end, read where log lines are written. Bounded; what is forgotten costs a log
line its ``error_id``, nothing else.
"""

from collections.abc import Callable
from typing import NamedTuple, Self

_MARK = "__otel_bridge__"
_MARK_FIELDS = 4


class LateId(str):
    """An event id that is made when somebody asks for it, which for most failures nobody does.

    Making it scrubs a message, and each search of that lets every other thread run first. Pickled
    it is the id itself; to who does not ask, as JSON does not, it is an empty text.
    """

    __slots__ = ("_id", "_make")

    def __new__(cls, make: Callable[[], str]) -> Self:  # noqa: ARG004 (kept by ``__init__``)
        """Return a text that is empty."""
        return super().__new__(cls)

    def __init__(self, make: Callable[[], str]) -> None:
        self._id = ""
        self._make: Callable[[], str] | None = make

    def __str__(self) -> str:
        """Return the id."""
        make = self._make
        if make is not None:  # two threads at once make the same id
            self._id = make()
            self._make = None
        return self._id

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Become plain text where somebody copies it or sends it away."""
        return str, (str(self),)


class KnownError(NamedTuple):
    """A failure that has an event id."""

    id: str
    short_type: str
    """The last component of the exception's type."""
    message: str

    @property
    def error_id(self) -> str:
        """The id of its event."""
        return str(self.id)


class Mark(NamedTuple):
    """Where an exception was first seen."""

    trace_id: int
    span_id: int
    trace_flags: int
    id: str

    @property
    def error_id(self) -> str:
        """The id of its event."""
        return str(self.id)


class KnownErrors:
    """Failures by the spans in which they are the latest thing that went wrong.

    Args:
        max_count: Places that are remembered; the oldest are forgotten first.
    """

    def __init__(self, max_count: int = 2048) -> None:
        self._max_count = max_count
        # No lock: a child that is forked while a thread holds one could never take it.
        self._places: dict[tuple[int, int], KnownError] = {}

    def __bool__(self) -> bool:
        return bool(self._places)

    def at(self, trace_id: int, span_id: int) -> KnownError | None:
        """Return the failure that a span, or a child of it that has ended, was seen to have."""
        return self._places.get((trace_id, span_id))

    def put(self, trace_id: int, span_id: int, error: KnownError) -> None:
        """Remember a failure at a span."""
        places = self._places
        places.pop((trace_id, span_id), None)
        places[trace_id, span_id] = error
        while len(places) > self._max_count:
            try:
                del places[next(iter(places))]
            except (KeyError, RuntimeError, StopIteration):
                break  # another thread was at it, too


def mark(exc: BaseException, place: Mark) -> None:
    """Write on an exception which event tells of it, so that it is known when it is seen again.

    Values that become plain ones, because exceptions are pickled with what is written on them.
    """
    try:
        setattr(exc, _MARK, tuple(place))
    except (AttributeError, TypeError):
        return  # an exception of an extension module may refuse: it stays unknown


def mark_of(exc: BaseException | None) -> Mark | None:
    """Return what was written on an exception."""
    if exc is None:
        return None
    found = getattr(exc, "__dict__", {}).get(_MARK)
    if isinstance(found, tuple) and len(found) == _MARK_FIELDS:
        return Mark(*found)
    return None

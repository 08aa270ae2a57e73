"""Log records outside any trace: servers log there what the span of a request has told already.

By the time a server sees an exception, the span is over. So such a record waits a moment for a
failure with the same type, message and place, and is that failure's if there is one.
"""

from collections import OrderedDict

from otel_bridge.convert.sighting import Sighting

_WINDOW_NS = 5_000_000_000
"""Between a failure and what a server logs of it; requests may be long, this is not."""

_Text = tuple[str, str, str]


class LooseLogs:
    """What has no trace, until it is known to be a failure of its own.

    Args:
        wait_s: Seconds that a record waits.
        max_count: Records that wait, and failures that are remembered.
    """

    def __init__(self, *, wait_s: float, max_count: int) -> None:
        self._wait_s = wait_s
        self._max_count = max_count
        self._waiting: list[Sighting] = []
        self._told: OrderedDict[_Text, int] = OrderedDict()
        """Failures of traces, with the time of the latest."""

    def __len__(self) -> int:
        """Return the number of records that wait."""
        return len(self._waiting)

    def is_told(self, sighting: Sighting) -> bool:
        """Whether a failure of a trace tells of this already."""
        at = self._told.get(_text(sighting)) if sighting.innermost else None
        return at is not None and abs(at - sighting.time_ns) <= _WINDOW_NS

    def wait(self, sighting: Sighting) -> list[Sighting]:
        """Let a record wait; returns those that have to go because there are too many."""
        self._waiting.append(sighting)
        gone = self._waiting[: -self._max_count]
        del self._waiting[: -self._max_count]
        return gone

    def tell(self, sighting: Sighting) -> int:
        """Note a failure of a trace; returns how many waiting records were of it."""
        if not sighting.innermost:
            return 0
        text = _text(sighting)
        self._told[text] = sighting.time_ns
        self._told.move_to_end(text)
        while len(self._told) > self._max_count:
            self._told.popitem(last=False)
        if not self._waiting:
            return 0
        before = len(self._waiting)
        self._waiting = [loose for loose in self._waiting if not self.is_told(loose)]
        return before - len(self._waiting)

    def due(self, now: float) -> list[Sighting]:
        """Take the records that have waited long enough."""
        if not self._waiting or self._waiting[0].arrived + self._wait_s > now:
            return []
        gone = [loose for loose in self._waiting if loose.arrived + self._wait_s <= now]
        self._waiting = self._waiting[len(gone) :]
        return gone

    def flush(self) -> list[Sighting]:
        """Take all records that wait."""
        gone, self._waiting = self._waiting, []
        return gone


def _text(sighting: Sighting) -> _Text:
    return sighting.short_type, sighting.said, sighting.innermost

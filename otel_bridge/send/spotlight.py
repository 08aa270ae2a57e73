"""Spotlight, the viewer on a developer's machine, which gets a copy of every event."""

from otel_bridge.send.clock import Clock, SystemClock
from otel_bridge.send.destination import event_parcel
from otel_bridge.send.envelope import CONTENT_TYPE, seal
from otel_bridge.send.lane import Lane, LaneLimits, World
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.retry import Delivered, Refused, TryLater, Verdict, judge_sentry
from otel_bridge.send.sentry import CLIENT
from otel_bridge.send.transport import HttpTransport, Transport, Unreachable
from otel_bridge.send.worker import MakeRunner, Worker
from otel_bridge.stats import Stats
from otel_bridge.wire.clean import CleanEvent

DEFAULT_URL = "http://localhost:8969/stream"
_YES = frozenset({"true", "1", "yes", "on"})
_NO = frozenset({"", "false", "0", "no", "off"})
_OPTIONS = SendOptions(timeout_s=2.0, connect_timeout_s=1.0, retry=RetryOptions())
_LIMITS = LaneLimits(max_items=100, max_bytes=16 * 2**20, max_age_s=120.0)


def spotlight_url(value: str | bool) -> str:  # noqa: FBT001  # the option is either
    """Return where Spotlight listens, by the option or ``SENTRY_SPOTLIGHT``; empty for nowhere."""
    text = str(value).strip()
    if text.lower() in _NO:
        return ""
    return DEFAULT_URL if text.lower() in _YES else text


class SpotlightDestination:
    """Sends events to Spotlight, as they are and without a DSN. Its book of fates is its own.

    Args:
        url: Where it listens.
        transport: The way out; one over HTTP if None.
        clock: The time.
        make_runner: Makes what calls the steps of a delivery; a thread by default.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        transport: Transport | None = None,
        clock: Clock | None = None,
        *,
        make_runner: MakeRunner = Worker,
    ) -> None:
        self._clock = clock or SystemClock()
        self._carrier = _Carrier(url, transport or HttpTransport(_OPTIONS), self._clock)
        world = World(stats=Stats(), clock=self._clock, make_runner=make_runner)
        self._lane = Lane("Spotlight", self._carrier, _LIMITS, _OPTIONS, world)

    def start(self) -> None:
        """Do nothing: the thread starts with the first event."""

    def offer(self, event: CleanEvent) -> None:
        """Take an event over. Never blocks and never raises."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        parcel = event_parcel(event, self._clock.now())
        if parcel is not None:
            self._lane.offer(parcel)

    def hurry(self) -> None:
        """Try everything now, without waiting for it."""
        self._lane.hurry()

    def flush(self, timeout: float) -> bool:
        """Send everything now; True if every event since the last flush was delivered."""
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Send everything and stop; True if every event since the last flush was delivered."""
        return self._lane.shutdown(timeout)

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child."""
        self._carrier.after_fork_in_child()
        self._lane.after_fork_in_child()


class _Carrier:
    def __init__(self, url: str, transport: Transport, clock: Clock) -> None:
        self._url = url
        self._transport = transport
        self._clock = clock

    def wait(self, parcel: Parcel) -> float:  # noqa: ARG002  # it has no limits
        return 0.0

    def idle(self) -> float | None:
        return None

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:  # noqa: ARG002  # all are events
        # Not compressed, and never without a content type: Spotlight would throw it away.
        headers = {"Content-Type": CONTENT_TYPE, "User-Agent": CLIENT}
        envelope = seal(body, None, self._clock.now())
        try:
            reply = self._transport.post(self._url, envelope, headers, _OPTIONS.timeout_s)
        except Unreachable as error:
            return TryLater(str(error))
        verdict = judge_sentry(reply.status, reply.headers, self._clock.now())
        return verdict if isinstance(verdict, Delivered) else Refused(f"http_{reply.status}")

    def after_fork_in_child(self) -> None:
        self._transport.after_fork_in_child()

"""What an answer means for what was sent: is it done, lost, or worth another try, and when.

Pure: the time and the dice are arguments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from otel_bridge.send.options import RetryOptions

OTLP_RETRYABLE = frozenset({429, 502, 503, 504})
"""OTLP specification, "Retryable Response Codes"; every other 4xx or 5xx must not be retried."""


_DOWN_AS_A_WHOLE = frozenset({408, 502, 503, 504})
"""Any other server error may be the fault of what was sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The server has it."""

    rejected: int = 0
    """How many of the items it took but threw away (OTLP ``partial_success``)."""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The same bytes would be refused again."""

    reason: str


@dataclass(frozen=True, slots=True)
class RateLimited:
    """The server is over its quota and has counted the item as dropped."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """It may get through later."""

    reason: str
    wait_s: float | None = None
    """Seconds that the server asked for."""
    blames_item: bool = False
    """Whether the item itself may be what the server stumbles over."""


Verdict = Delivered | Refused | RateLimited | TryLater


def judge_sentry(status: int, headers: Mapping[str, str], now: float) -> Verdict:
    """Return what the answer of a Sentry-compatible server means for the event.

    Args:
        status: HTTP status.
        headers: With lower-case names.
        now: Seconds since the epoch.
    """
    if _is_success(status):
        return Delivered()
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited()
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = parse_retry_after(headers.get("retry-after"), now)
        return TryLater(f"http_{status}", wait, blames_item=status not in _DOWN_AS_A_WHOLE)
    return Refused(f"http_{status}")


def judge_otlp(status: int, headers: Mapping[str, str], now: float) -> Verdict:
    """Return what the status of an OTLP/HTTP receiver means for the request."""
    if _is_success(status):
        return Delivered()
    if status in OTLP_RETRYABLE:
        return TryLater(f"http_{status}", parse_retry_after(headers.get("retry-after"), now))
    return Refused(f"http_{status}")


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Return the seconds that a ``Retry-After`` asks for, as number or date; None for neither."""
    if text is None:
        return None
    try:
        seconds = float(text.strip())
    except ValueError:
        return _seconds_until(text, now)
    return seconds if 0 <= seconds < float("inf") else None


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _seconds_until(text: str, now: float) -> float | None:
    try:
        date = parsedate_to_datetime(text)
        # "-0000" leaves the zone out; HTTP dates are always UTC.
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None


class Circuit:
    """Whether a destination may be tried now. Opens on failure, closes on the first success."""

    def __init__(self, options: RetryOptions, random: Callable[[], float]) -> None:
        self._options = options
        self._random = random
        self._failures = 0
        self._open_until = 0.0
        self._imposed = False

    def wait(self, monotonic: float) -> float:
        """Return the seconds until the next attempt, 0 for at once."""
        return max(0.0, self._open_until - monotonic)

    @property
    def failures(self) -> int:
        """Failures in a row, up to now."""
        return self._failures

    @property
    def is_closed(self) -> bool:
        """Whether the last attempt succeeded."""
        return self._failures == 0

    def succeeded(self) -> None:
        """Note that the destination took something."""
        self._failures = 0
        self._open_until = 0.0
        self._imposed = False

    def failed(self, monotonic: float, wait_s: float | None = None) -> None:
        """Note a failure.

        Args:
            monotonic: Seconds on a clock that never goes back.
            wait_s: Seconds that the server asked for.
        """
        self._failures += 1
        wait = backoff(self._failures, self._options, self._random)
        self._imposed = wait_s is not None
        if wait_s is not None:
            wait = max(wait, min(wait_s, self._options.max_server_wait_s))
        self._open_until = monotonic + wait

    def nudge(self) -> None:
        """Allow one attempt at once, unless the server has asked to wait."""
        if not self._imposed:
            self._open_until = 0.0


def backoff(attempt: int, options: RetryOptions, random: Callable[[], float]) -> float:
    """Return the seconds to wait after an attempt, counted from 1, has failed.

    Args:
        attempt: Failures in a row.
        options: The curve.
        random: Returns a number of [0, 1).
    """
    # Past the cap the power only grows; bounding the exponent keeps it a number.
    grown = options.initial_s * options.multiplier ** min(attempt - 1, 64)
    return min(options.max_s, grown) * (1.0 - options.jitter * random())

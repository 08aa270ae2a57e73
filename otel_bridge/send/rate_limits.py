"""Sentry's rate limits: which categories must not be sent now, and until when."""

from collections.abc import Mapping
from http import HTTPStatus

from otel_bridge.send.retry import parse_retry_after

KNOWN_CATEGORIES = frozenset(
    {
        "attachment",
        "default",
        "error",
        "feedback",
        "internal",
        "log_byte",
        "log_item",
        "metric_bucket",
        "monitor",
        "profile",
        "profile_chunk",
        "profile_duration",
        "profile_duration_ui",
        "replay",
        "security",
        "session",
        "span",
        "statsd",
        "trace_metric",
        "trace_metric_byte",
        "transaction",
        "user_report_v2",
    }
)
"""Data categories of the protocol; ``span`` and ``transaction`` are never sent by us."""

DEFAULT_WAIT_S = 60.0
"""What a 429 without any number means."""


class RateLimits:
    """What one project asked not to be sent. Times are of a clock that never goes back."""

    def __init__(self, max_wait_s: float = 7 * 86400.0) -> None:
        self._max_wait_s = max_wait_s
        self._until: dict[str, float] = {}

    def learn(
        self, status: int, headers: Mapping[str, str], *, monotonic: float, now: float
    ) -> None:
        """Take in the answer to a request, whatever its status.

        Args:
            status: HTTP status.
            headers: With lower-case names.
            monotonic: Seconds on a clock that never goes back.
            now: Seconds since the epoch, for a date in ``Retry-After``.
        """
        text = headers.get("x-sentry-rate-limits")
        if text is not None:
            for category, seconds in parse_rate_limits(text):
                self._extend(category, monotonic + min(seconds, self._max_wait_s))
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            asked = parse_retry_after(headers.get("retry-after"), now)
            wait = DEFAULT_WAIT_S if asked is None else asked
            self._extend("", monotonic + min(wait, self._max_wait_s))

    def wait(self, category: str, monotonic: float) -> float:
        """Return the seconds until a category may be sent, 0 for at once."""
        until = max(self._until.get("", 0.0), self._until.get(category, 0.0))
        return max(0.0, until - monotonic)

    def _extend(self, category: str, until: float) -> None:
        """Keep the longer one: a later, shorter limit does not lift an earlier one."""
        self._until[category] = max(until, self._until.get(category, 0.0))


def parse_rate_limits(text: str) -> list[tuple[str, float]]:
    """Return category and seconds of each limit in ``X-Sentry-Rate-Limits``; ``""`` is every one.

    A quota is ``retry_after:categories:scope:reason:namespaces``, and more may follow. Unknown
    categories are left out, and a quota of only unknown ones limits nothing.
    """
    found = []
    for quota in text.split(","):
        parts = [part.strip() for part in quota.split(":")]
        seconds = _seconds(parts[0])
        if seconds is None:
            continue
        names = [name for name in (parts[1] if len(parts) > 1 else "").split(";") if name]
        found += [(name, seconds) for name in names if name in KNOWN_CATEGORIES]
        if not names:
            found.append(("", seconds))
    return found


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None

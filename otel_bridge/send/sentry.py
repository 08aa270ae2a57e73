"""Carries event parcels to one Sentry project."""

import gzip
import threading

from otel_bridge.send.client_reports import ClientReports, reason_for
from otel_bridge.send.clock import Clock
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.envelope import CONTENT_TYPE, seal, seal_report
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.rate_limits import RateLimits
from otel_bridge.send.retry import Delivered, TryLater, Verdict, judge_sentry
from otel_bridge.send.transport import Reply, Transport, Unreachable
from otel_bridge.stats import Fate
from otel_bridge.version import __version__

CLIENT = f"otel_bridge/{__version__}"
CATEGORY = "error"
_LEVEL = 1
"""Of compression: half the time of the default level, for a tenth more bytes."""


class SentryCarrier:
    """Posts envelopes, heeds rate limits, sends client reports."""

    def __init__(self, dsn: Dsn, transport: Transport, options: SendOptions, clock: Clock) -> None:
        self._dsn = dsn
        self._transport = transport
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._limits = RateLimits()
        self._reports = ClientReports(clock.monotonic())

    def wait(self, parcel: Parcel) -> float:  # noqa: ARG002  # all our parcels are errors
        """Return the seconds for which the server wants no errors."""
        return self.limited_for()

    def limited_for(self) -> float:
        """Return the seconds for which the server wants no errors."""
        with self._lock:
            return self._limits.wait(CATEGORY, self._clock.monotonic())

    def lost(self, fate: Fate, why: str, items: int) -> None:
        """Note for the next client report that errors were not sent."""
        reason = reason_for(fate, why)
        if reason is not None and self._options.send_client_reports:
            with self._lock:
                self._reports.discard(reason, CATEGORY, items)

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:  # noqa: ARG002  # all are events
        """Post the envelope of one event."""
        with self._lock:
            report = self._reports.take(self._clock.monotonic(), self._clock.now())
        envelope = seal(body, self._dsn, self._clock.now(), report)
        verdict = self._post(envelope, self._options.timeout_s)
        if not isinstance(verdict, Delivered):
            self._restore(report)
        return verdict

    def idle(self) -> float | None:
        """Send a client report alone if one has waited for long."""
        with self._lock:
            wait = self._reports.wait(self._clock.monotonic())
        if wait != 0:
            return wait
        self.report_now(self._options.timeout_s)
        with self._lock:
            return self._reports.wait(self._clock.monotonic())

    def report_now(self, timeout: float) -> None:
        """Send what there is to report; what does not get through is kept for the next one.

        Args:
            timeout: The most seconds this may take.
        """
        with self._lock:
            report = self._reports.take(self._clock.monotonic(), self._clock.now(), force=True)
        if not report:
            return
        envelope = seal_report(report, self._dsn, self._clock.now())
        if not isinstance(self._post(envelope, timeout), Delivered):
            self._restore(report)

    def after_fork_in_child(self) -> None:
        """Leave connections and reports to the parent."""
        self._lock = threading.Lock()
        self._reports = ClientReports(self._clock.monotonic())
        self._transport.after_fork_in_child()

    def _restore(self, report: bytes) -> None:
        with self._lock:
            self._reports.restore(report)

    def _post(self, envelope: bytes, timeout: float) -> Verdict:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Content-Encoding": "gzip",
            "User-Agent": CLIENT,
            "X-Sentry-Auth": self._dsn.auth_header(CLIENT),
        }
        body = gzip.compress(envelope, _LEVEL, mtime=0)
        try:
            reply = self._transport.post(self._dsn.envelope_url, body, headers, timeout)
        except Unreachable as error:
            return TryLater(str(error))
        return self._judge(reply)

    def _judge(self, reply: Reply) -> Verdict:
        now = self._clock.now()
        with self._lock:
            self._limits.learn(
                reply.status, reply.headers, monotonic=self._clock.monotonic(), now=now
            )
        return judge_sentry(reply.status, reply.headers, now)

"""The two kinds of destination: a Sentry project and an OTLP receiver."""

from collections.abc import Mapping
from typing import Any

from otel_bridge.send.clock import Clock, SystemClock
from otel_bridge.send.courier import Carrier
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.envelope import pack
from otel_bridge.send.grpc_transport import GrpcTransport
from otel_bridge.send.lane import Lane, LaneLimits, World
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp import make_carrier
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.sentry import SentryCarrier
from otel_bridge.send.spool.store import folder_for
from otel_bridge.send.transport import HttpTransport, Transport
from otel_bridge.send.worker import MakeRunner, Worker
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

_REPORT_S = 0.05
"""With less than this left of a shutdown's time, the last client report is not tried."""
KINDS = {Signal.TRACES: Kind.SPAN, Signal.LOGS: Kind.LOG}


class SentryDestination:
    """Takes error events to one Sentry project.

    Args:
        dsn: The project.
        transport: The way out; one over HTTP if None.
        options: Limits.
        stats: Where each event's fate is counted.
        clock: The time.
        make_runner: Makes what calls the steps of a delivery; a thread by default.
    """

    def __init__(
        self,
        dsn: Dsn,
        transport: Transport | None = None,
        options: SendOptions | None = None,
        stats: Stats | None = None,
        clock: Clock | None = None,
        *,
        make_runner: MakeRunner = Worker,
    ) -> None:
        options = options or SendOptions()
        self._clock = clock or SystemClock()
        self._stats = stats or Stats()
        self._drops_limited = options.retry.rate_limited == "drop"
        self._carrier = SentryCarrier(
            dsn, transport or HttpTransport(options), options, self._clock
        )
        self._lane = Lane(
            f"Sentry {dsn.host} project {dsn.project_id}",
            self._carrier,
            LaneLimits(
                max_items=options.max_queue_items,
                max_bytes=options.max_queue_bytes,
                max_age_s=options.event_max_age_s,
                spool_folder=options.spool_dir and folder_for(options.spool_dir, dsn.public_text),
            ),
            options,
            World(
                stats=self._stats,
                clock=self._clock,
                make_runner=make_runner,
                on_loss=self._note_loss,
            ),
        )

    def start(self) -> None:
        """Start the thread; offering an event does it too."""
        self._lane.start()

    def offer(self, event: CleanEvent) -> None:
        """Take an event over. Never blocks and never raises; its fate is counted."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        parcel = event_parcel(event, self._clock.now())
        if parcel is None:
            self._stats.fate(Kind.ERROR, Fate.REFUSED, reason="not_json")
            self._lane.notices.warn("json", "event is not JSON or has no id, dropped")
            self._note_loss(Fate.REFUSED, "not_json", 1)
        elif self._drops_limited and self._carrier.limited_for() > 0:
            self._lane.ledger.turn_away(parcel, Fate.RATE_LIMITED, "backoff")
        else:
            self._lane.offer(parcel)

    def discarded(
        self,
        fate: Fate,
        reason: str,
        items: int = 1,
        event: Mapping[str, Any] | None = None,  # noqa: ARG002  # the interface of several
    ) -> None:
        """Tell the server, with the next client report, of errors that were never offered."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        self._note_loss(fate, reason, items)

    @property
    def keeps(self) -> bool:
        """Whether what it is offered outlives the process, in a spool."""
        return self._lane.keeper is not None

    def hurry(self) -> None:
        """Try everything now, without waiting for it."""
        self._lane.hurry()

    def flush(self, timeout: float) -> bool:
        """Send everything now.

        Args:
            timeout: The most seconds this may take.

        Returns:
            True if every event since the last flush was delivered.
        """
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Send everything and stop; a second call does nothing more.

        Args:
            timeout: The most seconds this may take.

        Returns:
            True if every event since the last flush was delivered.
        """
        deadline = self._clock.monotonic() + timeout
        done = self._lane.shutdown(timeout)
        left = deadline - self._clock.monotonic()
        # A server that does not answer now would only cost the time that is left.
        if left > _REPORT_S and self._lane.courier.circuit.is_closed:
            self._carrier.report_now(left)
        return done

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._carrier.after_fork_in_child()
        self._lane.after_fork_in_child()

    def _note_loss(self, fate: Fate, reason: str, items: int) -> None:
        self._carrier.lost(fate, reason, items)
        self._lane.look_again()


class OtlpDestination:
    """Takes clean batches to one OTLP receiver.

    Args:
        endpoint: The receiver, or its base URL.
        transport: The way out; a real one for the endpoint's protocol if None.
        options: Limits.
        stats: Where each item's fate is counted.
        clock: The time.
        make_runner: Makes what calls the steps of a delivery; a thread by default.

    Raises:
        ConfigError: The base URL is none.
    """

    def __init__(
        self,
        endpoint: OtlpEndpoint | str,
        transport: Transport | GrpcTransport | None = None,
        options: SendOptions | None = None,
        stats: Stats | None = None,
        clock: Clock | None = None,
        *,
        make_runner: MakeRunner = Worker,
    ) -> None:
        self._options = options = options or SendOptions()
        self._clock = clock or SystemClock()
        self._stats = stats or Stats()
        if isinstance(endpoint, str):
            endpoint = OtlpEndpoint.from_base(endpoint, options)
        self._endpoint = endpoint
        self._carrier = make_carrier(endpoint, transport, options, self._clock)
        self._lane = otlp_lane(
            f"OTLP {endpoint.name}",
            f"{endpoint.traces_url} {endpoint.logs_url}",
            self._carrier,
            options,
            World(stats=self._stats, clock=self._clock, make_runner=make_runner),
        )

    def start(self) -> None:
        """Start the threads; offering a batch does it too."""
        self._lane.start()

    def offer(self, batch: CleanBatch) -> None:
        """Take a batch over. Never blocks and never raises; the fate of its items is counted."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        kind = KINDS[batch.signal]
        if not self._endpoint.url(kind):
            self._stats.fate(kind, Fate.FILTERED, len(batch), reason="no_endpoint")
            return
        for items, body in batch.requests(
            max_bytes=self._options.otlp_max_request_bytes,
            max_items=self._options.otlp_max_queue_items,
        ):
            self._lane.offer(
                Parcel(kind=kind, items=items, body=body, accepted_at=self._clock.now())
            )

    def hurry(self) -> None:
        """Try everything now, without waiting for it."""
        self._lane.hurry()

    def flush(self, timeout: float) -> bool:
        """Send everything now; True if every item since the last flush was delivered."""
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Send everything and stop; True if every item since the last flush was delivered."""
        return self._lane.shutdown(timeout)

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._carrier.after_fork_in_child()
        self._lane.after_fork_in_child()


def event_parcel(event: CleanEvent, now: float) -> Parcel | None:
    """Return an event ready to be sent, or None if it is not JSON or has no id."""
    try:
        key, body = str(event["event_id"]), pack(event)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        return None
    return Parcel(kind=Kind.ERROR, items=1, body=body, key=key, accepted_at=now)


def otlp_lane(
    name: str, address: str, carrier: Carrier, options: SendOptions, world: World
) -> Lane:
    """Return a lane with the limits for OTLP."""
    spooled = options.spool_dir is not None and options.spool_otlp
    limits = LaneLimits(
        max_items=options.otlp_max_queue_items,
        max_bytes=options.otlp_max_queue_bytes,
        max_age_s=options.otlp_max_age_s,
        spool_folder=folder_for(options.spool_dir, address)
        if options.spool_dir and spooled
        else None,
    )
    return Lane(name, carrier, limits, options, world)

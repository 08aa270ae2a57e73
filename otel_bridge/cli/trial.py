"""Tries the destinations: one test event to each tracker, one empty request to each receiver."""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import uuid4

from otel_bridge.config.delivery import otlp_endpoints, send_options
from otel_bridge.config.options import Options
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.send.clock import SystemClock
from otel_bridge.send.destination import event_parcel
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp import make_carrier
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.retry import Delivered, RateLimited, Refused, TryLater, Verdict
from otel_bridge.send.sentry import SentryCarrier
from otel_bridge.send.transport import HttpTransport
from otel_bridge.stats import Kind
from otel_bridge.wire.clean import CleanEvent

MESSAGE = "otel-bridge check-config: this is a test"


class Trial(NamedTuple):
    """What became of one try."""

    place: str
    outcome: str
    succeeded: bool


def try_destinations(options: Options, environ: Mapping[str, str]) -> Iterator[Trial]:
    """Try one destination after the other."""
    send = send_options(options, environ)
    dsns = [Dsn.parse(options.dsn)] if options.dsn else []
    for dsn in (*dsns, *(route.dsn for route in options.routes)):
        yield _try_tracker(dsn, options, send)
    for endpoint in otlp_endpoints(options, environ).endpoints:
        yield from _try_receiver(endpoint, endpoint.applied_to(send))


def _try_tracker(dsn: Dsn, options: Options, send: SendOptions) -> Trial:
    carrier = SentryCarrier(dsn, HttpTransport(send), send, SystemClock())
    event = _test_event(options)
    parcel = event_parcel(event, time.time())  # noqa: TID251  # a command line has the real time
    verdict = carrier.deliver(parcel, parcel.body or b"") if parcel else Refused("not_json")
    sent = f"took the test event {event['event_id']}"
    return Trial(dsn.envelope_url, *_told(verdict, sent))


def _try_receiver(endpoint: OtlpEndpoint, send: SendOptions) -> Iterator[Trial]:
    carrier = make_carrier(endpoint, None, send, SystemClock())
    for kind in (Kind.SPAN, Kind.LOG):
        url = endpoint.url(kind)
        if url:
            # An export request without anything in it is no bytes at all, and a success.
            parcel = Parcel(kind=kind, items=0, body=b"", accepted_at=0.0)
            yield Trial(url, *_told(carrier.deliver(parcel, b""), "took an empty request"))


def _test_event(options: Options) -> CleanEvent:
    event = {
        "event_id": uuid4().hex,
        "timestamp": time.time(),  # noqa: TID251  # as above
        "platform": "python",
        "level": "info",
        "logentry": {"formatted": MESSAGE},
        "logger": "otel_bridge",
        "environment": options.environment or "production",
        "release": options.release,
    }
    return Scrubber().event({name: value for name, value in event.items() if value})[0]


def _told(verdict: Verdict, success: str) -> tuple[str, bool]:
    match verdict:
        case Delivered(0, ""):
            return success, True
        case Delivered(_, message):
            return f"{success} and remarked: {message}", True
        case Refused(reason):
            return f"refused it: {reason}", False
        case RateLimited():
            return "is over its quota", False
        case TryLater(reason):
            return f"cannot be reached: {reason}", False

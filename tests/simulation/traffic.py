"""Traffic to sample: requests through services, as clean batches of serialized spans.

Spans are made from templates, so that a million requests can be had in seconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from struct import Struct
from typing import NamedTuple

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.groups import ResourceGroup, ScopeGroup, Signal, SpanKind, SpanRecord
from otel_bridge.wire.messages import Resource, Span
from otel_bridge.wire.varint import delimited

START_NS = 1_790_000_000_000_000_000
HAS_IS_REMOTE, IS_REMOTE = 0x100, 0x200

_UNSCRUBBED = Scrubber(ScrubOptions(preset="off"))
_times = Struct("<BBBQBQ").pack
_flags = Struct("<2sI").pack
_new = tuple.__new__


class Template:
    """A span of which only ids, times, status and tracestate differ from one to the next."""

    def __init__(self, name: str, kind: int, attributes: dict[str, str | int]) -> None:
        self.kind = kind
        self._name = delimited(b"\x2a", name.encode())
        span = Span()
        for key, value in attributes.items():
            pair = span.attributes.add(key=key)
            if isinstance(value, int):
                pair.value.int_value = value
            else:
                pair.value.string_value = value
        self._attributes = span.SerializeToString()

    def record(
        self,
        trace_id: bytes,
        span_id: bytes,
        parent_id: bytes = b"",
        *,
        remote: bool = False,
        start_ns: int = START_NS,
        duration_ns: int = 1_000_000,
        status: int = 0,
        state: bytes = b"",
        extra: bytes = b"",
    ) -> SpanRecord:
        flags = HAS_IS_REMOTE | IS_REMOTE if remote else HAS_IS_REMOTE
        end_ns = start_ns + duration_ns
        raw = b"".join(
            (
                b"\x0a\x10", trace_id, b"\x12\x08", span_id,
                delimited(b"\x1a", state) if state else b"",
                b"\x22\x08" + parent_id if parent_id else b"",
                self._name,
                _times(0x30, self.kind, 0x39, start_ns, 0x41, end_ns),
                self._attributes, extra,
                b"\x7a\x02\x18\x02" if status == 2 else b"\x7a\x00",
                _flags(b"\x85\x01", flags),
            )
        )  # fmt: skip
        return _new(
            SpanRecord,
            (trace_id, span_id, parent_id, flags, self.kind, status, start_ns, end_ns, raw, True),
        )


def clean_batch(groups: Iterable[tuple[bytes, Sequence[SpanRecord]]]) -> CleanBatch:
    """A clean batch of spans by serialized resource."""
    resources = [
        ResourceGroup(resource, [ScopeGroup(b"\x0a\x04test", list(records))])
        for resource, records in groups
    ]
    return _UNSCRUBBED.batch(Batch(Signal.TRACES, resources)).batch


def resource_of(service: str) -> bytes:
    resource = Resource()
    for key, value in {
        "service.name": service,
        "deployment.environment.name": "production",
        "telemetry.sdk.language": "python",
        "service.instance.id": "0b7f2e1c-7f0e-4a0f-9a9e-2b1d3c4e5f60",
    }.items():
        resource.attributes.add(key=key).value.string_value = value
    return resource.SerializeToString()


class Route(NamedTuple):
    service: str
    route: str
    share: float
    """Of all requests."""
    error_rate: float
    slow_rate: float


ROUTES = (
    Route("shop", "/checkout/{id}", 0.10, 0.02, 0.01),
    Route("shop", "/products/{id}", 0.45, 0.002, 0.02),
    Route("billing", "/billing/invoices", 0.12, 0.01, 0.005),
    Route("billing", "/billing/refunds", 0.03, 0.03, 0.02),
    Route("shop", "/health", 0.20, 0.0, 0.0),
    Route("search", "/search", 0.10, 0.005, 0.05),
)


class Request(NamedTuple):
    trace_id: bytes
    route: Route
    error: bool
    duration_ns: int

    @property
    def is_slow(self) -> bool:
        return self.duration_ns >= 500_000_000


def requests(random: Random, count: int) -> Iterator[Request]:
    """Requests with random trace ids."""
    shares = [route.share for route in ROUTES]
    for route in random.choices(ROUTES, shares, k=count):
        slow = random.random() < route.slow_rate
        milliseconds = random.uniform(500, 3000) if slow else random.uniform(1, 300)
        yield Request(
            random.randbytes(16),
            route,
            random.random() < route.error_rate,
            int(milliseconds * 1_000_000),
        )


def server_attributes(route: str, status: int = 200) -> dict[str, str | int]:
    """About what an HTTP instrumentation writes on a server span; 15 attributes."""
    return {
        "http.request.method": "GET",
        "url.scheme": "https",
        "server.address": "shop.example",
        "server.port": 443,
        "network.protocol.version": "1.1",
        "url.path": route.replace("{id}", "81723"),
        "client.address": "203.0.113.7",
        "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like)",
        "http.route": route,
        "http.response.status_code": status,
        "app.tenant": "tenant-0042",
        "app.feature.flags": "new-basket,fast-search,no-captcha",
        "thread.name": "worker-17",
        "thread.id": 140_213_873_661,
        "code.function.name": "shop.views.orders.show_order",
    }


def child_attributes() -> dict[str, str | int]:
    """About what a database instrumentation writes on a client span; 15 attributes."""
    return {
        "db.system.name": "postgresql",
        "db.namespace": "shop",
        "db.collection.name": "orders",
        "db.operation.name": "SELECT",
        "db.query.text": "SELECT id, total, currency, created_at FROM orders WHERE customer_id = ?"
        " AND created_at > ? ORDER BY created_at DESC LIMIT ?",
        "server.address": "orders-db.internal.example",
        "server.port": 5432,
        "network.peer.address": "10.4.17.22",
        "network.peer.port": 5432,
        "db.response.returned_rows": 17,
        "app.tenant": "tenant-0042",
        "app.pool": "primary",
        "thread.name": "worker-17",
        "thread.id": 140_213_873_661,
        "code.function.name": "shop.db.orders.latest_orders",
    }


SERVER = SpanKind.SERVER
CLIENT = SpanKind.CLIENT

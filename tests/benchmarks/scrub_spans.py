"""Ordinary spans, as instrumentations write them: the telemetry in which nothing is secret."""

import random
from collections.abc import Callable

from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import InstrumentationScope, Resource, Span

_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
    "python-requests/2.31.0",
    "kube-probe/1.29",
)
_ROUTES = (
    ("/api/v1/items/{item_id}", "/api/v1/items/{n}"),
    ("/api/v1/users/{user_id}/orders", "/api/v1/users/{n}/orders"),
    ("/healthz", "/healthz"),
    ("/catalog/search", "/catalog/search"),
    ("/checkout/{cart_id}/confirm", "/checkout/{u}/confirm"),
)


def _uuid(rng: random.Random) -> str:
    raw = rng.randbytes(16).hex()
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def http_server(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return name, kind and attributes of a request that a service answered."""
    route, path = rng.choice(_ROUTES)
    path = path.replace("{n}", str(rng.randrange(10**6))).replace("{u}", _uuid(rng))
    return (
        f"GET {route}",
        2,
        {
            "http.request.method": "GET",
            "url.scheme": "https",
            "server.address": "shop.example.com",
            "server.port": 443,
            "url.path": path,
            "http.route": route,
            "http.response.status_code": 200,
            "user_agent.original": rng.choice(_AGENTS),
            "network.protocol.version": "1.1",
            "network.peer.address": f"10.0.{rng.randrange(256)}.{rng.randrange(1, 255)}",
            "network.peer.port": rng.randrange(30000, 60000),
            "code.function.name": "shop.handlers.items.handle_request",
            "code.file.path": "/srv/app/shop/handlers/items.py",
            "code.line.number": rng.randrange(1, 900),
            "thread.name": "ThreadPoolExecutor-0_3",
            "app.tenant": f"acme-{rng.randrange(100)}",
        },
    )


def http_client(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a call to another service."""
    return (
        "GET",
        3,
        {
            "http.request.method": "GET",
            "url.full": f"https://inventory.internal:8443/v2/stock/{_uuid(rng)}?region=eu&limit=50",
            "server.address": "inventory.internal",
            "server.port": 8443,
            "http.response.status_code": 200,
            "network.protocol.version": "2",
            "http.request.resend_count": 0,
            "peer.service": "inventory",
            "net.peer.ip": f"10.1.{rng.randrange(256)}.{rng.randrange(1, 255)}",
            "net.peer.name": "inventory.internal",
            "thread.id": rng.randrange(10**15),
            "http.response.body.size": rng.randrange(10**6),
            "app.retry": False,
            "app.feature_flags": "new-cart,fast-search",
        },
    )


def database(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a parameterised statement."""
    return (
        "SELECT shop.items",
        3,
        {
            "db.system.name": "postgresql",
            "db.namespace": "shop",
            "db.query.text": "SELECT i.id, i.name, i.price, s.amount FROM items i JOIN stock s ON "
            "s.item_id = i.id WHERE i.category = %s AND i.price < %s ORDER BY i.name LIMIT %s",
            "db.operation.name": "SELECT",
            "db.collection.name": "items",
            "db.user": "shop_app",
            "server.address": "db-primary.internal",
            "server.port": 5432,
            "network.peer.address": f"10.2.0.{rng.randrange(1, 255)}",
            "db.response.returned_rows": rng.randrange(100),
            "code.function.name": "shop.repository.items.find_by_category",
            "code.file.path": "/srv/app/shop/repository/items.py",
            "code.line.number": rng.randrange(1, 900),
            "thread.name": "ThreadPoolExecutor-0_3",
        },
    )


def cache(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a cache look-up."""
    return (
        "GET",
        3,
        {
            "db.system": "redis",
            "db.statement": "GET ?",
            "db.redis.database_index": 0,
            "net.peer.name": "cache.internal",
            "net.peer.port": 6379,
            "net.transport": "ip_tcp",
            "db.redis.args_length": 2,
            "cache.hit": True,
            "cache.item": f"item:{rng.randrange(10**6)}",
        },
    )


def messaging(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a message that was consumed."""
    return (
        "orders process",
        5,
        {
            "messaging.system": "kafka",
            "messaging.destination.name": "orders",
            "messaging.operation.type": "process",
            "messaging.kafka.message.key": _uuid(rng),
            "messaging.kafka.offset": rng.randrange(10**8),
            "messaging.destination.partition.id": "3",
            "messaging.consumer.group.name": "fulfilment",
            "messaging.message.body.size": 482,
            "messaging.client.id": "fulfilment-7c9d8b6f5-x2x9k",
            "server.address": "kafka-0.kafka.svc.cluster.local",
        },
    )


def internal(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a piece of business logic."""
    return (
        "price_cart",
        1,
        {
            "cart.id": _uuid(rng),
            "cart.items": rng.randrange(1, 20),
            "cart.total": round(rng.random() * 500, 2),
            "cart.currency": "EUR",
            "customer.tier": "gold",
            "customer.id": str(rng.randrange(10**7)),
            "pricing.strategy": "volume-discount",
            "code.function.name": "shop.pricing.price_cart",
            "code.file.path": "/srv/app/shop/pricing.py",
            "code.line.number": 118,
            "thread.name": "MainThread",
        },
    )


def model_call(rng: random.Random) -> tuple[str, int, dict[str, object]]:
    """Return a call to a language model, with its token counts."""
    return (
        "chat gpt-4o",
        3,
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.request.max_tokens": 1024,
            "gen_ai.response.model": "gpt-4o-2024-08-06",
            "gen_ai.response.finish_reasons": "stop",
            "gen_ai.usage.input_tokens": rng.randrange(5000),
            "gen_ai.usage.output_tokens": rng.randrange(1000),
            "gen_ai.response.id": f"chatcmpl-{rng.randbytes(14).hex()}",
            "server.address": "api.openai.com",
        },
    )


KINDS: tuple[tuple[int, Callable[[random.Random], tuple[str, int, dict[str, object]]]], ...] = (
    (30, http_server),
    (20, http_client),
    (20, database),
    (10, cache),
    (5, messaging),
    (12, internal),
    (3, model_call),
)
"""How many of a hundred spans are of which kind."""


def make_span(rng: random.Random, kind: Callable[..., tuple[str, int, dict[str, object]]]) -> Span:
    """Build one span."""
    name, number, attributes = kind(rng)
    start = 1_700_000_000_000_000_000 + rng.randrange(10**12)
    span = Span(
        trace_id=rng.randbytes(16),
        span_id=rng.randbytes(8),
        parent_span_id=rng.randbytes(8),
        name=name,
        kind=number,
        start_time_unix_nano=start,
        end_time_unix_nano=start + rng.randrange(10**9),
        flags=0x100,
    )
    for key, value in attributes.items():
        pair = span.attributes.add()
        pair.key = key
        if isinstance(value, bool):
            pair.value.bool_value = value
        elif isinstance(value, int):
            pair.value.int_value = value
        elif isinstance(value, float):
            pair.value.double_value = value
        else:
            pair.value.string_value = str(value)
    return span


def make_records(count: int, seed: int = 1) -> list[SpanRecord]:
    """Build that many ordinary spans, in the usual mixture."""
    rng = random.Random(seed)
    kinds = [kind for share, kind in KINDS for _ in range(share)]
    records = []
    for _ in range(count):
        span = make_span(rng, rng.choice(kinds))
        records.append(
            SpanRecord(
                span.trace_id,
                span.span_id,
                span.parent_span_id,
                span.flags,
                span.kind,
                0,
                span.start_time_unix_nano,
                span.end_time_unix_nano,
                span.SerializeToString(),
            )
        )
    return records


def make_batch(records: list[SpanRecord]) -> Batch:
    """Put spans under a resource and a scope."""
    resource = Resource()
    for key, value in {
        "service.name": "shop",
        "service.version": "1.4.2",
        "host.name": "shop-7c9d8b6f5-x2x9k",
        "telemetry.sdk.language": "python",
        "k8s.pod.uid": "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff",
    }.items():
        pair = resource.attributes.add()
        pair.key = key
        pair.value.string_value = value
    scope = InstrumentationScope(name="opentelemetry.instrumentation.fastapi", version="0.60b0")
    return Batch(
        Signal.TRACES,
        [
            ResourceGroup(
                resource.SerializeToString(),
                [ScopeGroup(scope.SerializeToString(), list(records))],
            )
        ],
    )

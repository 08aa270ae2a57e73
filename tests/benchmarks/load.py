"""What the measured application does: requests of ten spans, some with a secret, some that fail.

One span in a hundred carries a secret, one in two hundred an exception.
"""

import base64
import json
from random import Random

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Tracer

SPANS_PER_REQUEST = 10
SPANS_PER_SECRET = 100
SPANS_PER_ERROR = 200

_SERVER = {
    "http.request.method": "GET",
    "http.route": "/api/v1/orders/{order_id}",
    "http.response.status_code": 200,
    "url.path": "/api/v1/orders/%d",
    "server.address": "shop.example.com",
    "url.scheme": "https",
    "url.query": "expand=items&page=%d",
    "server.port": 443,
    "client.address": "203.0.113.17",
    "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0",
    "network.protocol.version": "1.1",
    "http.response.body.size": 5120,
    "app.tenant": "tenant-%d",
    "app.cache.hit": True,
    "app.duration_ms": 12.25,
}
_CLIENT = {
    "db.system.name": "postgresql",
    "db.operation.name": "SELECT",
    "db.query.text": "SELECT id, state, total FROM orders WHERE customer = $1 LIMIT %d",
    "server.address": "db-3.internal.example.com",
    "server.port": 5432,
    "db.namespace": "shop",
    "db.collection.name": "orders",
    "db.response.returned_rows": 17,
    "network.transport": "tcp",
    "code.function.name": "shop.orders.repository.OrderRepository.find_open",
    "code.file.path": "/srv/shop/orders/repository.py",
    "code.line.number": 214,
    "thread.name": "worker-%d",
    "app.retried": False,
    "app.duration_ms": 3.5,
}


def attributes_of(kind: dict[str, object], number: int, size: int) -> dict[str, object]:
    """Return ``size`` attributes as instrumentations set them; values differ between spans."""
    named = dict(list(kind.items())[:size])
    named |= {f"app.field_{n}": f"value {n} of %d" for n in range(size - len(named))}
    return {
        key: value % number if isinstance(value, str) and "%" in value else value
        for key, value in named.items()
    }


def _secret(random: Random) -> str:
    """Return a signed token made on the spot: no secret is ever written down."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    head = json.dumps({"alg": "HS256", "typ": "JWT"}).encode()
    claims = json.dumps({"sub": str(random.getrandbits(64)), "iat": 1_700_000_000}).encode()
    return ".".join((part(head), part(claims), part(random.randbytes(32))))


class Load:
    """A stock of attributes, made before anything is measured, and the requests that use it."""

    def __init__(self, size: int, *, stock: int = 2000) -> None:
        random = Random(1)
        self._attributes = [
            attributes_of(_CLIENT if n % SPANS_PER_REQUEST else _SERVER, n, size)
            for n in range(stock)
        ]
        for n in range(0, stock, SPANS_PER_SECRET):
            self._attributes[n]["url.path"] = f"/login?token={_secret(random)}"
        self._made = 0

    def run(self, tracer: Tracer, spans: int) -> None:
        """Make spans: requests with one server span and nine below it."""
        for _ in range(spans // SPANS_PER_REQUEST):
            with tracer.start_as_current_span(
                "GET /api/v1/orders/{order_id}", kind=SpanKind.SERVER, attributes=self._next()
            ):
                for _ in range(SPANS_PER_REQUEST - 1):
                    self._child(tracer)

    def _child(self, tracer: Tracer) -> None:
        attributes = self._next()
        if self._made % SPANS_PER_ERROR != SPANS_PER_REQUEST // 2:
            tracer.start_span("SELECT orders", kind=SpanKind.CLIENT, attributes=attributes).end()
            return
        try:
            with tracer.start_as_current_span("charge card", attributes=attributes):
                _charge(self._made)
        except ValueError:
            trace.get_current_span().set_attribute("app.retried", True)

    def _next(self) -> dict[str, object]:
        attributes = self._attributes[self._made % len(self._attributes)]
        self._made += 1
        return attributes


def _charge(number: int) -> None:
    int(f"card declined for order {number}")

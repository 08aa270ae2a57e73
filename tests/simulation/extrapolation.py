"""A million requests through three services: do kept spans times their weights give the truth?

Each request enters at the shop, which calls billing or search for some routes; each service
decides at the head by its own rules and at the tail by its own policies and budget.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import sqrt
from random import Random

from otel_bridge.sample.context import Parent, Start
from otel_bridge.sample.head import HeadSampler
from otel_bridge.sample.options import HeadOptions, HeadRule, read_sampling
from otel_bridge.sample.probability import format_ot, rate_of
from otel_bridge.sample.tail import Decided, TailSampler
from otel_bridge.sample.tracestate import ot_of
from otel_bridge.wire.groups import SpanRecord
from otel_bridge.wire.messages import Span
from otel_bridge.wire.peek import trace_state_of
from tests.simulation.traffic import (
    CLIENT,
    ROUTES,
    SERVER,
    Request,
    Template,
    clean_batch,
    requests,
    resource_of,
    server_attributes,
)

REQUESTS = 1_000_000
PER_SECOND = 2_000
BATCH = 400
CALLS = {"billing": "billing", "search": "search"}
"""Routes of the shop that call another service, by the service that owns them."""

HEADS = {
    "shop": HeadOptions(rate=0.5, rules=(HeadRule(name="*/checkout/*", rate=1.0),)),
    "billing": HeadOptions(rules=(HeadRule(rate=0.4, entry=True),)),
    "search": HeadOptions(),
}
POLICIES = [
    {"name": "errors", "type": "error", "exceptions": False},
    {"name": "slow", "type": "latency", "min_ms": 500},
    {
        "name": "billing",
        "type": "attribute",
        "key": "http.route",
        "values": ["/billing/*"],
        "on": "root",
        "rate": 0.25,
    },
    {"name": "rest", "rate": 0.05},
]
# A budget that the shop exceeds several times over, so that its rate moves all the time.
TAILS = {
    "shop": {"policies": POLICIES, "limit": {"spans_per_second": 150}},
    "billing": {"policies": POLICIES, "match": "best"},
    "search": {"policies": POLICIES},
}

Cell = tuple[str, str, bool]
"""Service, route, failed."""


class Service:
    """One service: its samplers, its traffic, and what came out of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = HeadSampler(HEADS[name], service=name)
        table = {"grace_s": 0.2, "max_traces": 100_000, **TAILS[name]}
        tail = read_sampling({"tail": table}).tail
        assert tail is not None
        self.tail = TailSampler(tail)
        self.resource = resource_of(name)
        self.waiting: list[SpanRecord] = []
        self.truth: Counter[Cell] = Counter()
        self.estimate: defaultdict[Cell, float] = defaultdict(float)
        self.variance: defaultdict[Cell, float] = defaultdict(float)
        self.kept: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.templates = {
            route: (
                Template(f"GET {route.route}", SERVER, server_attributes(route.route)),
                Template("SELECT", CLIENT, {"db.system.name": "postgresql"}),
            )
            for route in ROUTES
        }

    def serve(self, request: Request, parent: Parent | None, ids: Iterator[bytes]) -> Parent:
        """Handle a request; return what a service that is called sees of it."""
        route = request.route
        self.truth[self.name, route.route, request.error] += 1
        trace_number = int.from_bytes(request.trace_id, "big")
        decision = self.head.decide(
            Start(trace_number, f"GET {route.route}", "server", {}, parent)
        )
        server_id, child_id = next(ids), next(ids)
        if decision.sampled:
            value = format_ot(decision.ot)
            state = f"ot={value}".encode() if value else b""
            server, child = self.templates[route]
            self.waiting.append(child.record(request.trace_id, child_id, server_id, state=state))
            self.waiting.append(
                server.record(
                    request.trace_id,
                    server_id,
                    b"\x01" * 8 if parent else b"",
                    remote=parent is not None,
                    duration_ns=request.duration_ns,
                    status=2 if request.error else 0,
                    state=state,
                )
            )
        return Parent(int.from_bytes(server_id, "big"), decision.sampled, decision.ot)

    def tick(self, now: float, *, last: bool = False) -> None:
        """Hand spans to the tail, and take what it lets go."""
        if len(self.waiting) >= BATCH or last:
            spans, self.waiting = self.waiting, []
            self.take(self.tail.add(clean_batch([(self.resource, spans)]), now))
            self.take(self.tail.due(now))
        if last:
            self.take(self.tail.flush(now))

    def take(self, decided: Decided) -> None:
        """Weigh the kept requests by what stands on their spans."""
        self.dropped += decided.dropped
        if decided.kept is None:
            return
        for record in decided.kept.records():
            if record.kind != SERVER:
                continue
            span = Span.FromString(record.raw)
            found = {pair.key: pair.value for pair in span.attributes}
            rate = found["sampling.rate"].double_value
            threshold = ot_of(trace_state_of(record.raw).decode()).threshold
            assert threshold is not None
            assert rate_of(threshold) == rate
            cell = (self.name, found["http.route"].string_value, record.status == 2)
            self.kept[found["sampling.reason"].string_value] += 1
            self.estimate[cell] += 1 / rate
            self.variance[cell] += (1 - rate) / rate**2


def run(seed: int, count: int) -> dict[str, Service]:
    """Send requests through the services."""
    random = Random(seed)
    services = {name: Service(name) for name in HEADS}
    ids = iter(lambda: random.randbytes(8), b"")
    for number, request in enumerate(requests(random, count)):
        now = number / PER_SECOND
        parent = services["shop"].serve(request, None, ids)
        called = CALLS.get(request.route.service)
        if called:
            services[called].serve(request, parent, ids)
        if number % 200 == 0:
            for service in services.values():
                service.tick(now)
    for service in services.values():
        service.tick(count / PER_SECOND, last=True)
    return services


def deviations(services: dict[str, Service]) -> Iterator[tuple[Cell, int, float, float]]:
    """Each cell with its truth, its estimate, and how many standard errors they are apart."""
    for service in services.values():
        for cell, truth in sorted(service.truth.items()):
            estimate, variance = service.estimate[cell], service.variance[cell]
            error = sqrt(variance) if variance else 1.0
            yield cell, truth, estimate, (estimate - truth) / error


def main() -> bool:
    """Print the table; return whether all estimates are within three standard errors."""
    services = run(1, REQUESTS)
    worst = 0.0
    print(
        f"{'service':<9}{'route':<20}{'failed':<8}{'truth':>9}{'estimate':>12}{'std errors':>12}"
    )
    for (service, route, failed), truth, estimate, off in deviations(services):
        worst = max(worst, abs(off))
        print(f"{service:<9}{route:<20}{failed!s:<8}{truth:>9}{estimate:>12.0f}{off:>12.2f}")
    for service in services.values():
        truth, estimate = service.truth.total(), sum(service.estimate.values())
        off = (estimate - truth) / sqrt(sum(service.variance.values()))
        worst = max(worst, abs(off))
        print(f"{service.name:<9}{'all':<28}{truth:>9}{estimate:>12.0f}{off:>12.2f}")
        print(f"  kept requests {dict(service.kept)}, dropped spans {dict(service.dropped)}")
    refused = sum(service.dropped["limit_empty"] for service in services.values())
    print(f"spans that a budget refused without a chance: {refused}")
    print(f"{REQUESTS} requests; the worst estimate is {worst:.2f} standard errors off")
    return worst <= 3


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)

"""Conditions at work: each becomes a function from a trace's facts to a threshold.

The threshold is 0 where a trace fits, ``NEVER`` where it does not, and between them where it fits
with a probability. So "and" is the highest threshold and "or" the lowest.
"""

from collections.abc import Callable
from math import ceil
from typing import assert_never

from otel_bridge.sample import conditions as c
from otel_bridge.sample.facts import Facts
from otel_bridge.sample.globs import Match, as_text, compile_glob, compile_globs
from otel_bridge.sample.probability import NEVER, threshold_of
from otel_bridge.sample.rare import Signatures
from otel_bridge.wire.groups import StatusCode
from otel_bridge.wire.peek import AttributeProbe, SpanParts, has_exception, value_of

Matcher = Callable[[Facts, float], int]
ValueTest = Callable[[object], bool]
"""Tells whether a value is one that is wanted; None stands for a missing one."""

NAME = "name"
"""A span's name can be asked for like an attribute."""

_MAX_KEPT = 1024

STATUS_BITS = {
    "unset": 1 << StatusCode.UNSET,
    "ok": 1 << StatusCode.OK,
    "error": 1 << StatusCode.ERROR,
}
ERROR_BIT = STATUS_BITS["error"]
_NS_PER_MS = 1_000_000
_EVENT_TAG = 0x5A


def compile_condition(condition: c.Condition) -> Matcher:  # noqa: C901, PLR0911, PLR0912 - one case each
    """Return the function that a condition stands for; it may remember what it has seen."""
    match condition:
        case c.Always():
            return lambda _facts, _now: 0
        case c.Never():
            return lambda _facts, _now: NEVER
        case c.Error():
            return _error(condition)
        case c.StatusCode():
            return _status(condition)
        case c.Latency():
            return _latency(condition)
        case c.Attribute():
            return _attribute(condition)
        case c.Probabilistic():
            threshold = threshold_of(condition.rate)
            return lambda _facts, _now: threshold
        case c.RateLimit():
            return lambda _facts, _now: 0  # the budget itself is drawn from once the rest is known
        case c.Rare():
            return _rare(condition)
        case c.And():
            return _and([compile_condition(part) for part in condition.of])
        case c.Or():
            return _or([compile_condition(part) for part in condition.of])
        case c.Not():
            inner = compile_condition(condition.of)
            return lambda facts, now: 0 if inner(facts, now) == NEVER else NEVER
        case _:
            assert_never(condition)


def _error(condition: c.Error) -> Matcher:
    if not condition.exceptions:
        return lambda facts, _now: 0 if facts.trace.statuses & ERROR_BIT else NEVER

    def fits(facts: Facts, _now: float) -> int:
        if facts.trace.statuses & ERROR_BIT:
            return 0
        for record in facts.trace.records:
            # One byte is found many times faster than several, and where the tag of the field
            # "events" is missing there is no event.
            if _EVENT_TAG in record[8] and has_exception(record[8]):
                return 0
        return NEVER

    return fits


def _status(condition: c.StatusCode) -> Matcher:
    wanted = sum(STATUS_BITS[code] for code in set(condition.codes) - {"unset"})
    if "unset" not in condition.codes:
        return lambda facts, _now: 0 if facts.trace.statuses & wanted else NEVER

    def fits(facts: Facts, _now: float) -> int:
        if facts.trace.statuses & wanted:
            return 0
        return 0 if any(not record.status for record in facts.trace.records) else NEVER

    return fits


def _latency(condition: c.Latency) -> Matcher:
    default = ceil(condition.min_ms * _NS_PER_MS)
    routes = [(compile_glob(g), ceil(ms * _NS_PER_MS)) for g, ms in condition.routes.items()]
    highest = 1 << 65 if condition.max_ms is None else int(condition.max_ms * _NS_PER_MS)
    lowest = min([default, *(minimum for _, minimum in routes)])

    def fits(facts: Facts, _now: float) -> int:
        trace = facts.trace
        duration = trace.end_ns - trace.start_ns
        if not lowest <= duration <= highest:
            return NEVER
        minimum = default
        if routes and (name := facts.name):
            minimum = next((ns for match, ns in routes if match(name)), default)
        return 0 if duration >= minimum else NEVER

    return fits


def _attribute(condition: c.Attribute) -> Matcher:
    key, accepts = condition.key, _value_test(condition)
    match condition.on:
        case "resource":
            return _on_resource(key, accepts)
        case "root":
            return _on_root(key, accepts)
        case "any":
            return _or([_on_any_span(key, accepts), _on_resource(key, accepts)])


def _on_resource(key: str, accepts: ValueTest) -> Matcher:
    def fits(facts: Facts, _now: float) -> int:
        found = any(accepts(place.attributes.get(key)) for place in facts.places())
        return 0 if found else NEVER

    return fits


def _on_root(key: str, accepts: ValueTest) -> Matcher:
    probe = AttributeProbe(key)
    known: dict[bytes, bool] = {}  # routes and the like are few

    def fits(facts: Facts, _now: float) -> int:
        if facts.trace.root is None:
            return NEVER
        if key == NAME:
            return 0 if accepts(facts.root.name) else NEVER
        pair, single = facts.root.guess(probe)
        if single:
            found = known.get(pair)
            if found is None:
                found = accepts(value_of(pair, probe) if pair else None)
                if len(known) < _MAX_KEPT:
                    known[pair] = found
            # Wrong or not, a guess that is not wanted need not be proven.
            if not found:
                return NEVER
        return 0 if accepts(facts.root.value(probe)) else NEVER

    return fits


def _on_any_span(key: str, accepts: ValueTest) -> Matcher:
    probe = AttributeProbe(key)
    if key == NAME:
        return lambda facts, _now: (
            0 if any(accepts(SpanParts(raw).name) for raw in facts.raws()) else NEVER
        )

    def fits(facts: Facts, _now: float) -> int:
        for record in facts.trace.records:
            if probe.name in record[8] and accepts(SpanParts(record[8]).value(probe)):
                return 0
        return NEVER

    return fits


def _value_test(condition: c.Attribute) -> ValueTest:
    if condition.min is not None or condition.max is not None:
        low = condition.min if condition.min is not None else float("-inf")
        high = condition.max if condition.max is not None else float("inf")
        return lambda value: _any_of(
            value,
            lambda item: (
                isinstance(item, int | float)
                and not isinstance(item, bool)
                and low <= item <= high
            ),
        )
    if condition.values:
        match: Match = compile_globs(condition.values)
        return lambda value: _any_of(
            value, lambda item: (text := as_text(item)) is not None and match(text)
        )
    return lambda value: value is not None


def _any_of(value: object, test: Callable[[object], bool]) -> bool:
    return any(map(test, value)) if isinstance(value, list) else test(value)


def _rare(condition: c.Rare) -> Matcher:
    signatures = Signatures(condition.window_s, condition.max_signatures)
    by = condition.by

    def fits(facts: Facts, now: float) -> int:
        signature = tuple(_FACTS[name](facts) for name in by)
        return 0 if signatures.is_first(signature, now) else NEVER

    return fits


_FACTS: dict[c.RareKey, Callable[[Facts], object]] = {
    "service": lambda facts: facts.service,
    "name": lambda facts: facts.name,
    "kind": lambda facts: facts.trace.root.kind if facts.trace.root else 0,
    "status": lambda facts: bool(facts.trace.statuses & ERROR_BIT),
    "http_status": lambda facts: facts.http_status,
}


def _and(parts: list[Matcher]) -> Matcher:
    def fits(facts: Facts, now: float) -> int:
        highest = 0
        for part in parts:
            # A part that remembers is asked only about what fits the parts before it.
            highest = max(highest, part(facts, now))
            if highest == NEVER:
                break
        return highest

    return fits


def _or(parts: list[Matcher]) -> Matcher:
    def fits(facts: Facts, now: float) -> int:
        lowest = NEVER
        for part in parts:
            lowest = min(lowest, part(facts, now))
            if lowest == 0:
                break
        return lowest

    return fits

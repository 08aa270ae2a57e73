"""What the tables of rule tests need: finding with one rule, and what the first pass sees."""

from otel_bridge.scrub.find.finder import PatternFinder
from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.search import compile_bytes


def found(rule: Rule, text: str) -> list[str]:
    """Return what a rule finds in a text."""
    raw = text.encode()
    return [raw[hit.start : hit.end].decode() for hit in PatternFinder(rule).find(raw) if hit]


def is_seen(rule: Rule, text: str) -> bool:
    """Tell whether the first pass sees a text with letters where protobuf has lengths and tags."""
    raw = b"\x0a" + bytes((len(text) & 0x7F,)) + text.encode() + b"J"
    has_fragment = any(compile_bytes(probe).search(raw) for probe in rule.probes)
    return has_fragment and compile_bytes(rule.also).search(raw) is not None

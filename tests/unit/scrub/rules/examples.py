"""What the tables of rule tests need: finding with one rule, and what the first pass sees."""

from collections.abc import Sequence
from typing import Any, ClassVar

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


class TableTests:
    """What is asked of every family of rules whose examples stand in a table."""

    RULES: ClassVar[Sequence[Rule]]
    FOUND: ClassVar[Sequence[tuple[str, str, str]]]
    """Rule, text, secret in it."""
    LOOK_ALIKES: ClassVar[Sequence[tuple[str, str]]]
    """Rule, text in which it finds nothing."""

    def pytest_generate_tests(self, metafunc: Any) -> None:  # a hook of pytest
        """Ask about each row of the table."""
        wanted = [name for name in ("rule", "text", "secret") if name in metafunc.fixturenames]
        if wanted:
            rows = self.FOUND if "secret" in wanted else self.LOOK_ALIKES
            metafunc.parametrize(wanted, rows)

    def rule(self, name: str) -> Rule:
        """Return a rule by its id."""
        (rule,) = (rule for rule in self.RULES if rule.id == name)
        return rule

    def test_every_rule_has_an_example(self) -> None:
        assert {name for name, _, _ in self.FOUND} == {rule.id for rule in self.RULES}

    def test_a_secret_is_found_and_the_first_pass_sees_it(
        self, rule: str, text: str, secret: str
    ) -> None:
        assert found(self.rule(rule), text) == [secret]
        assert is_seen(self.rule(rule), text)

    def test_a_look_alike_is_left_alone(self, rule: str, text: str) -> None:
        assert found(self.rule(rule), text) == []

"""What all items share: the compiled rules, the options and what was learned about short texts."""

from otel_bridge.scrub.bodies import BodyGate
from otel_bridge.scrub.find.assignment import Assignments
from otel_bridge.scrub.find.context import ContextTokens
from otel_bridge.scrub.find.detector import Detector
from otel_bridge.scrub.find.escaped import EscapedNames
from otel_bridge.scrub.find.finder import Finder, Gate, PatternFinder
from otel_bridge.scrub.find.form import FormPairs, QueryGate
from otel_bridge.scrub.find.gates import (
    CommandGate,
    DeniedGate,
    EscapedNameGate,
    PairGate,
    PersonalGate,
    ValueFirstGate,
)
from otel_bridge.scrub.find.json_text import JsonTexts
from otel_bridge.scrub.find.name_gate import NameGate
from otel_bridge.scrub.find.sql import StatementGate, Statements
from otel_bridge.scrub.find.value_gate import PeerGate
from otel_bridge.scrub.globs import any_glob
from otel_bridge.scrub.known import Known
from otel_bridge.scrub.names.keys import KeyRules
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.replacement import Replacement
from otel_bridge.scrub.rule import Kind, Rule
from otel_bridge.scrub.rules.catalogue import RULES

_CHECKED_NUMBERS = frozenset(["card-number", "iban", "us-ssn"])
"""Personal, but nothing that ``send_default_pii`` lets through."""


class Engine:
    """The rules of one set of options, compiled. Its caches are bounded."""

    def __init__(self, options: ScrubOptions) -> None:
        self.options = options
        self.keys = KeyRules(options)
        self.replacement = Replacement(options)
        self.statements = Statements()
        self.allowed_path = any_glob(options.allow_paths)
        self.denied_path = any_glob(options.deny_paths)
        self.has_paths = bool(options.allow_paths or options.deny_paths)
        self.body_free_route = any_glob(options.body_free_routes)
        self.hides_people = not options.send_default_pii
        self.known = Known(self.keys, has_paths=self.has_paths)
        self.clean_texts = self.known.texts
        self.clean_fields = self.known.fields
        self.clean_lines = self.known.lines
        self.can_change_attributes = self.hides_people and not (
            options.annotate or options.dry_run or self.has_paths
        )
        rules = chosen_rules(options)
        self.detector = Detector(
            self._finders(rules),
            self._gates(),
            {rule.id: rule.priority for rule in rules},
            self._covered() if self._looks_into_text else [],
        )

    def _finders(self, rules: list[Rule]) -> list[Finder]:
        finders: list[Finder] = [PatternFinder(rule) for rule in rules]
        if self._looks_into_text:
            strict = self.options.preset == "strict"
            finders += [Assignments(self.keys), ContextTokens(strict=strict)]
        return finders

    def _covered(self) -> list[Finder]:
        """Return finders for whose secrets a gate of records is open in any case."""
        return [JsonTexts(self.keys), FormPairs(self.keys), EscapedNames(self.keys)]

    @property
    def _looks_into_text(self) -> bool:
        return self.options.preset in ("default", "strict")

    def _gates(self) -> list[Gate]:
        options = self.options
        gates: list[Gate] = [NameGate(self.keys)] if options.preset == "keys" else []
        gates.append(BodyGate())
        if options.preset != "off":
            gates += [ValueFirstGate(), PairGate()]
        if self._looks_into_text:
            gates += [CommandGate(), EscapedNameGate(), QueryGate()]
        if options.parameterise_sql:
            gates.append(StatementGate(self.statements))
        if options.deny_keys or options.deny_paths:
            gates.append(DeniedGate(options.deny_keys, options.deny_paths))
        if self.hides_people:
            gates += [PersonalGate(), PeerGate()]
        return gates


def chosen_rules(options: ScrubOptions) -> list[Rule]:
    """Return the rules that the preset and the options leave, the user's own last."""
    if options.preset in ("off", "keys"):
        return []
    off, on = any_glob(options.allow_rules), any_glob(options.deny_rules)
    presets = ("default", "strict") if options.preset == "strict" else ("default",)
    own = [
        Rule(id=name, probes=("",), pattern=pattern, priority=3)
        for name, pattern in options.extra_patterns.items()
    ]
    return [
        rule
        for rule in (*RULES, *own)
        if not off(rule.id)
        and (on(rule.id) or (rule.preset in presets and not _is_let_through(rule, options)))
    ]


def _is_let_through(rule: Rule, options: ScrubOptions) -> bool:
    return (
        options.send_default_pii and rule.kind is Kind.PERSONAL and rule.id not in _CHECKED_NUMBERS
    )

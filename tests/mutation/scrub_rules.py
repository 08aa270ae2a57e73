"""Weaken every scrub rule in turn and see whether an example notices: ``make mutate-scrub``.

Two questions are asked. Does some example of the rule's tests fail when a part of the rule is
weakened? And does a secret leave when the whole rule is missing, or does another one find it?
Ends within two minutes. Writes the survivors into ``docs/scrubbing.md``.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.catalogue import RULES
from otel_bridge.scrub.rules.tokens import START, STRICT_START
from otel_bridge.scrub.scrubber import Scrubber
from tests.mutation.examples import Example, examples
from tests.unit.scrub.rules.examples import found, is_seen

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scrubbing.md"
BEGIN, END = "<!-- mutants: begin -->", "<!-- mutants: end -->"
NEVER = r"\z."
_END_OF_TOKEN = "(?:[^A-Za-z0-9]|$)"


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield weaker versions of a rule, each with what was done to it."""
    yield "finds nothing", replace(rule, pattern=NEVER)
    for place in range(len(rule.probes)):
        probes = rule.probes[:place] + rule.probes[place + 1 :]
        yield f"fragment {place + 1} dropped", replace(rule, probes=probes or (NEVER,))
    if rule.also:
        yield "further fragment never found", replace(rule, also=NEVER)
    if rule.accepts is not None:
        yield "check dropped", replace(rule, accepts=None)
    if rule.not_after:
        yield "what must not stand before dropped", replace(rule, not_after="")
    for name, start in (("start", START), ("start", STRICT_START)):
        if rule.pattern.startswith(start):
            yield (
                f"{name} of the word dropped",
                replace(rule, pattern=rule.pattern.removeprefix(start)),
            )
    if rule.pattern.endswith(_END_OF_TOKEN):
        pattern = rule.pattern.removesuffix(_END_OF_TOKEN)
        yield "end of the word dropped", replace(rule, pattern=pattern)


def is_noticed(mutant: Rule, table: list[Example]) -> bool:
    """Tell whether some example says that a rule is not what it was."""
    return any(not _holds(mutant, example) for example in table)


def _holds(rule: Rule, example: Example) -> bool:
    secrets = found(rule, example.text)
    if not example.secret:
        return secrets == []
    return any(s.startswith(example.secret) for s in secrets) and is_seen(rule, example.text)


def is_missed(rule: Rule, table: list[Example]) -> bool:
    """Tell whether a secret leaves when a rule is switched off."""
    scrubber = Scrubber(ScrubOptions(allow_rules=(rule.id,)))
    return any(e.secret and e.secret in scrubber.text(e.text) for e in table)


def report() -> str:
    """Return the section in Markdown."""
    table = examples()
    survivors: dict[str, list[str]] = {}
    count = 0
    for rule in RULES:
        for what, mutant in mutants(rule):
            count += 1
            if not is_noticed(mutant, table[rule.id]):
                survivors.setdefault(what, []).append(rule.id)
    doubled = [rule.id for rule in RULES if not is_missed(rule, table[rule.id])]
    lost = sum(map(len, survivors.values()))
    lines = [
        f"{len(RULES)} rules, {count} weakened versions of them; {count - lost} are noticed by an "
        f"example of the rule's tests, {lost} are not:",
        "",
        *(f"- {what}: {_codes(ids)}" for what, ids in sorted(survivors.items())),
        "",
        f"With a whole rule switched off, an example leaves in {len(RULES) - len(doubled)} cases. "
        f"In {len(doubled)} another rule finds all of its examples: {_codes(doubled)}.",
    ]
    return "\n".join(lines)


def _codes(ids: list[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in sorted(ids))


def main() -> None:
    text = report()
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

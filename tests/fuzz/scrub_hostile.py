"""Search for texts that are slow to scrub: ``python -m tests.fuzz.scrub_hostile --seconds 100``.

Every fragment that the first pass looks for, every pattern and every sensitive word is repeated
up to
100 KB, with what may stand between a name and a value. Prints the slowest in CPU time. The search
goes through the cases in an order that the seed decides, until the time is up.
"""

import argparse
import random
import re._constants as sre
import re._parser as sre_parser
import time
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.names.words import (
    LAST_WORDS,
    STRONG_ENDINGS,
    STRONG_PAIRS,
    STRONG_WORDS,
    WEAK_WORDS,
)
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.rules.catalogue import RULES
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import (
    Batch,
    LogRecord as LogItem,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)
from otel_bridge.wire.messages import LogRecord, Span

SIZE = 100_000
MAX_SECONDS = 0.1
"""What a text of that size may cost on a machine that does nothing else."""
KEYS = ("note", "db.query.text", "http.request.header.cookie", "url.full", "exception.stacktrace")

_SEPARATORS = (
    "=", ": ", ":", "='", '": "', '":"', '\\":\\"', ">", " is ", '", "', "%3D", " ", "=>", "\n=\n",
    "[", "(", "={", " := ", "==", "&quot;:&quot;", '" value="', "</key><string>", "=`", "='''",
)  # fmt: skip
_VALUES = (
    "", "x", "<", "the_", ".", "pw.", "+", "a1b2c3d4e5f6g7h8", "Q7f", "aaaaaaaa", "{", "[", '"',
    "'",
    "\\", "Bearer ", "basic a", "${", "a.b", "a b ", "://", "@", "4111 ", "%", "é", "\x00",
    "my-x9",
)  # fmt: skip
_LEADS = ("", "", "--", "&", '"', "x\x01", "q" * 200 + "\x01_")
_ENDS = ("", " ", "\n", ";", "&", ",", '"', "'", "}", ">")
_SHAPES = (
    '{"key":', '"key":"x",', '{"a":[', '[["', "\\u0041", '\\"', "'", "''", '"', "$$", "$a$", "1,",
    "0x1 ", "(", "/*", "--", "-- \n", "`", ":a", "%s,", "select '", "insert into t values (1),",
    "a=b; ", "=;", "a=", ";", "a,", "?a=b&", "a@", "a@b.co ", "://a:b@c ", "//", "/a", "a/",
    ".a", "a.",
    "aA1", "aA1bB2cC3dD4eE5f ", "0", "1 ", "-", "_", "\n", " ", "\t", "é", "\x80", "eyJ",
    "eyJhbGciOi.",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n-----END", "-----",
    "curl -u a:b ",
    "curl -u a", "[Filtered:password]", "[Filtered:", "hmac:k:", "hmac:k1:" + "0" * 24, "\u2028",
)  # fmt: skip


class Case(NamedTuple):
    """What is repeated, in the value of which attribute."""

    unit: str
    key: str = "note"

    def text(self, size: int = SIZE) -> str:
        """Return the text of that many bytes, or a little more or less.

        U+0001 in the unit stands for a number that is another one each time.
        """
        count = size // len(self.unit.encode("utf-8", "replace"))
        if "\x01" not in self.unit:
            return self.unit * count
        return "".join(self.unit.replace("\x01", str(number)) for number in range(count))


def sample(pattern: str, rng: random.Random, longest: int = 3) -> str:
    """Return a text that a pattern matches, as short as it may be and a bit longer."""
    tree = sre_parser.parse(pattern.replace(r"\z", "$").replace("(?P<s>", "(?:"))
    return "".join(_of(node, rng, longest) for node in tree)


def _of(node, rng, longest):
    kind, what = node
    match kind:
        case sre.LITERAL:
            return chr(what)
        case sre.NOT_LITERAL:
            return "x" if what != ord("x") else "y"
        case sre.ANY:
            return rng.choice("a 1.")
        case sre.IN:
            return rng.choice(_class(tuple(what)))
        case sre.BRANCH:
            return _all(rng.choice(what[1]), rng, longest)
        case sre.SUBPATTERN:
            return _all(what[3], rng, longest)
        case sre.MAX_REPEAT | sre.MIN_REPEAT:
            least, most, inner = what
            count = rng.randint(least, max(least, min(int(most), least + longest)))
            return "".join(_all(inner, rng, longest) for _ in range(count))
    return ""


def _all(nodes, rng, longest):
    return "".join(_of(node, rng, longest) for node in nodes)


@cache
def _class(items):
    refused = items[0][0] is sre.NEGATE
    inside = {char for kind, what in items for char in _members(kind, what)}
    return sorted(set(map(chr, range(32, 127))) - inside if refused else inside)


def _members(kind, what):
    match kind:
        case sre.LITERAL:
            return chr(what)
        case sre.RANGE:
            return map(chr, range(what[0], what[1] + 1))
        case sre.CATEGORY:
            return {
                sre.CATEGORY_SPACE: " \n",
                sre.CATEGORY_DIGIT: "0123456789",
                sre.CATEGORY_WORD: "abcxyzABC0189_",
                sre.CATEGORY_NOT_SPACE: "abcxyzABC0189_.=",
            }.get(what, " -")
    return ""


def words() -> list[str]:
    """Return every word that makes a name sensitive."""
    pairs = [f"{first}_{second}" for first, second in STRONG_PAIRS]
    return sorted(
        {*STRONG_WORDS, *STRONG_ENDINGS, *LAST_WORDS, *WEAK_WORDS, *pairs, "token", "key"}
    )


def fragments(seed: int) -> Iterator[str]:
    """Yield samples of everything that the rules and the gates look for."""
    rng = random.Random(seed)
    engine = Engine(ScrubOptions(preset="strict", deny_rules=("*",)))
    for gate in engine.detector.gates:
        for probe in (*gate.probes, gate.also):
            yield from (sample(probe, rng, longest) for longest in (0, 2))
    for rule in RULES:
        yield from (sample(rule.pattern, rng, longest) for longest in (0, 2, 30))


def cases(seed: int = 1) -> Iterator[Case]:
    """Yield cases without end: fragments, shapes and assignments take turns."""
    rng = random.Random(seed)
    samples = sorted(set(fragments(seed)) - {""})
    names = words()
    while True:
        yield Case(rng.choice(samples) + rng.choice(_ENDS))
        yield Case(rng.choice(samples) + rng.choice(_SEPARATORS) + rng.choice(_VALUES))
        yield Case(rng.choice(_SHAPES) + rng.choice(_SHAPES), rng.choice(KEYS))
        yield Case(rng.choice(_SHAPES) + rng.choice(_ENDS), rng.choice(KEYS))
        for _ in range(4):
            yield Case("".join(map(rng.choice, (_LEADS, names, _SEPARATORS, _VALUES, _ENDS))))


def as_span(case: Case, size: int = SIZE) -> Batch:
    """Put the text into an attribute of a span."""
    span = Span(name="n")
    pair = span.attributes.add(key=case.key)
    pair.value.string_value = case.text(size)
    raw = span.SerializeToString()
    record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 2, 0, 1, 2, raw)
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])


def as_log(case: Case, size: int = SIZE) -> Batch:
    """Put the text, as JSON, into the body of a log record."""
    log = LogRecord()
    log.body.string_value = '{"a":"' + case.text(size) + '"}'
    record = LogItem(b"", b"", 0, 1, 9, log.SerializeToString())
    return Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])


def seconds(scrubber: Scrubber, batch: Batch) -> float:
    """Return the CPU time that a batch costs; what seems slow is measured again."""
    least = 1e9
    for _ in range(3):
        began = time.process_time()
        scrubber.batch(batch)
        least = min(least, time.process_time() - began)
        if least < MAX_SECONDS / 2:
            break
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    scrubber = Scrubber()
    until = time.process_time() + options.seconds
    costs: list[tuple[float, str, Case]] = []
    for case in cases(options.seed):
        if time.process_time() > until:
            break
        costs.append((seconds(scrubber, as_span(case)), "span", case))
        costs.append((seconds(scrubber, as_log(case)), "log", case))
    costs.sort(reverse=True)
    slow = sum(cost > MAX_SECONDS for cost, _, _ in costs)
    print(f"{len(costs)} cases; {slow} above {MAX_SECONDS * 1000:.0f} ms")
    for cost, where, case in costs[:20]:
        print(f"{cost * 1000:8.1f} ms  {where:4} {case.key} {case.unit!r}")


if __name__ == "__main__":
    main()

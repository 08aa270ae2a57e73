"""Any text whatever: the stack trace parsers end soon, within their limits, without an error."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from otel_bridge.convert.event import Mechanism
from otel_bridge.convert.numbering import MAX_VALUES, numbered
from otel_bridge.convert.stacktrace.languages import by_sdk, recognize
from otel_bridge.convert.stacktrace.parsed import MAX_ERRORS, MAX_FRAMES, CodeRules

SDKS = ["python", "nodejs", "java", "go", "dotnet", "ruby", "php", "rust", "erlang"]
STACKS = Path(__file__).parents[1] / "captures" / "stacks"
REAL = sorted(path.read_text(encoding="utf-8") for path in STACKS.glob("*.json"))
PIECES = [
    "Traceback (most recent call last):\n", '  File "/a.py", line 1, in f\n', "    x()\n",
    "  [Previous line repeated 99999999 more times]\n", "E: m\n", "\n", "  | ", "    | ",
    "  + Exception Group Traceback (most recent call last):\n",
    "  +-+---------------- 1 ----------------\n", "    +---------------- 2 ----------------\n",
    "    +------------------------------------\n",
    "\nThe above exception was the direct cause of the following exception:\n\n",
    "    at f (/a.js:1:2)\n", "    at async Promise.all (index 0)\n", "  [cause]: Error: x\n",
    "    ... 99 lines matching cause stack trace ...\n", "caused by: E: x\n", "f@http://h/a.js:1:2\n",
    "\tat a.B.c(B.java:1)\n", "Caused by: a.B: m\n", "\tSuppressed: a.B: m\n", "\t... 9 more\n",
    "\t", "goroutine 1 [running]:\n", "main.f(0x1)\n", "\t/a.go:1 +0x1\n", "panic(...)\n",
    "   at A.B() in /a.cs:line 1\n", " ---> A.B: m\n", "(Inner Exception #0) ", "<---\n",
    "   --- End of inner exception stack trace ---\n", "a.rb:1:in `f': m (E)\n",
    "\tfrom a.rb:2:in `g'\n", "#0 /a.php(1): f()\n", "#1 {main}\n", "Next E: m in /a.php:1\n",
    "   0: a::b\n", "             at ./a.rs:1:2\n", "thread 'main' panicked at a.rs:1:1:\n",
    "** (E) m\n", "    (a 1) lib/a.ex:1: A.b/1\n", '[{a,b,1,[{file,"a.erl"},{line,1}]}]',
]  # fmt: skip


def check(text, message=""):
    for sdk in SDKS:
        language = by_sdk(sdk)
        language.recognizes(text)
        chain = language.parse(text, message)
        assert len(chain) <= MAX_ERRORS + 1
        told = list(numbered(chain, Mechanism("m"), language)) if chain else []
        assert len(told) <= MAX_VALUES
        for error, _ in told:
            assert len(error.frames) <= MAX_FRAMES + 100
            assert isinstance(error.type, str)
            assert isinstance(error.message, str)
            language.split_type(error.type)
            for frame in error.frames:
                language.finish(frame, CodeRules(root="/srv"))
                language.is_recorder(frame)
    recognize(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2_000), st.text(max_size=50))
def test_any_text(text, message):
    check(text, message)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join), st.text()
)
def test_any_mixture_of_what_stacks_are_made_of(text, message):
    check(text, message)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(REAL), st.integers(0, 5_000), st.integers(1, 3_000), st.randoms())
def test_any_piece_of_a_real_stack(text, start, length, chance):
    piece = text[start : start + length].replace("\\n", "\n").replace("\\t", "\t")
    lines = piece.split("\n")
    chance.shuffle(lines)
    check(piece, lines[0])
    check("\n".join(lines))


def repeated(piece, size=1_000_000):
    return piece * (size // len(piece))


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_a_megabyte_of_one_thing_takes_no_more_than_its_share(piece):
    text = repeated(piece, 200_000)
    before = time.process_time()
    check(text)

    # Nine parsers and all recognisers; quadratic behaviour would take minutes.
    assert time.process_time() - before < 8


def test_time_grows_with_the_text_and_no_faster():
    chance = random.Random(1)
    text = "".join(chance.choice(PIECES) for _ in range(10_000))

    def seconds(part):
        before = time.process_time()
        check(part)
        return time.process_time() - before

    small = seconds(text[: len(text) // 4])
    assert seconds(text) < 12 * small + 0.5

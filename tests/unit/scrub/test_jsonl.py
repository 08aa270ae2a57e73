"""Lines of JSON: exact where nothing is found, and no valid line refused."""

import json

import pytest

from otel_bridge.errors import ReceiveError
from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber

SCRUBBER = Scrubber()
GONE = "[Filtered:password]"


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (rb'{"a":"\ud800x"}', rb'{"a":"\ud800x"}'),
        (rb'{"a":"\uDC00x","n":1.10}', rb'{"a":"\udc00x","n":1.10}'),
        (rb'{"a":"\ud83d","password":"hunter22"}', rb'{"a":"\ud83d","password":"%b"}'),
        (rb'{"a":"\ud800 password=hunter22 \udfff"}', rb'{"a":"\ud800 password=%b \udfff"}'),
        (rb'{"\ud800password":"hunter22"}', rb'{"\ud800password":"%b"}'),
        (rb'["\ud83d\ude00","\ud800",null,true,-7,1e400]',
         '["😀","\\ud800",null,true,-7,1E+400]'.encode()),
    ],
)  # fmt: skip
def test_halves_of_surrogate_pairs_pass(line, clean):
    out, _ = scrub_line(line, SCRUBBER)

    assert out == clean.replace(b"%b", GONE.encode())
    assert json.loads(out) is not None


@pytest.mark.parametrize(
    "options",
    [
        ScrubOptions(deny_keys=("note*",), allow_keys=("x",)),
        ScrubOptions(deny_paths=("a.b",), allow_paths=("c.*",)),
        ScrubOptions(style="hmac", hmac_key="k" * 32, hmac_key_id="k1"),
        ScrubOptions(preset="strict", extra_patterns={"own": "zebra"}),
        ScrubOptions(preset="keys"),
    ],
    ids=str,
)
def test_they_pass_whatever_the_options_are(options):
    line = rb'{"note\ud800":"\ud800","db.statement":"SELECT \ud800","url":"/?a=\ud800&password=x"}'

    out, _ = scrub_line(line, Scrubber(options))

    assert json.loads(out) is not None


@pytest.mark.parametrize(
    "line", [b"{", b'{"a":"\\ud800"', b'{"a":"\\ud800","b":NaN}', b'"\\ud800" 1', b"\xff", b""]
)
def test_what_is_no_json_is_refused(line):
    with pytest.raises(ReceiveError, match="wanted JSON, found: "):
        scrub_line(line, SCRUBBER)


@pytest.mark.parametrize("opening", [b"[", b'["\\ud800",'])
def test_what_is_nested_too_deeply_is_refused(opening):
    with pytest.raises(ReceiveError, match="nested less deeply"):
        scrub_line(opening * 100_000, SCRUBBER)


def test_of_a_name_that_repeats_only_the_last_value_leaves():
    line = b'{"note":"password=hunter22","note":"fine"}'

    assert b"hunter22" not in scrub_line(line, SCRUBBER)[0]

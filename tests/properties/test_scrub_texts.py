"""Any text is scrubbed at once, the first pass sees what the finders see, secrets are gone."""

import msgspec
import pytest
from hypothesis import given, strategies as st

from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.wire.messages import Span
from tests.properties.scrub_data import (
    EXAMPLES,
    SCRUBBERS,
    names,
    pair,
    scrubbers,
    secrets,
    shapes,
    texts,
    wrapped,
)

DEFAULT = SCRUBBERS["default"]
values = st.recursive(
    st.one_of(texts, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(names, texts), inner, max_size=3),
    ),
    max_leaves=6,
)


@EXAMPLES
@given(texts, scrubbers)
def test_scrubbing_a_text_twice_equals_scrubbing_it_once(text, scrubber):
    once = scrubber.text(text)

    assert scrubber.text(once) == once


@EXAMPLES
@given(values, scrubbers)
def test_scrubbing_a_value_twice_equals_scrubbing_it_once(value, scrubber):
    once, _ = scrubber.value(value)
    twice, findings = scrubber.value(once)

    assert twice == once
    assert findings == []


@EXAMPLES
@given(texts, names, scrubbers, st.binary(max_size=3))
def test_what_is_called_clean_does_not_change(text, name, scrubber, noise):
    """The first pass looks at raw bytes: whatever stands around a text, it must see the secret."""
    span = Span(name=text, trace_id=noise)
    span.attributes.append(pair(name, text))
    if scrubber.is_clean(span.SerializeToString()):
        assert scrubber.text(text) == text
        assert scrubber.value({name: text}) == ({name: text}, [])


@EXAMPLES
@given(values, scrubbers)
def test_a_line_that_is_called_clean_does_not_change(value, scrubber):
    line = msgspec.json.encode(value)
    if scrubber.is_clean(line) and b"\\" not in line:
        assert scrubber.value(value) == (value, [])


@EXAMPLES
@given(secrets(), shapes, names, scrubbers.filter(lambda s: s is not SCRUBBERS["keys"]))
def test_a_planted_secret_is_nowhere_in_a_value(secret, shapes, name, scrubber):
    text, token = secret
    planted = wrapped({name: text, text: [text]}, shapes)

    clean, findings = scrubber.value(planted)

    assert token not in str(clean)
    assert token not in str(findings)


@EXAMPLES
@given(secrets(), shapes)
def test_a_planted_secret_is_nowhere_in_json_within_json(secret, shapes):
    text, token = secret
    inner = msgspec.json.encode(wrapped(text, shapes)).decode()

    clean, _ = scrub_line(msgspec.json.encode({"note": inner, "n": 1}), DEFAULT)

    assert token.encode() not in clean
    assert msgspec.json.decode(clean)["n"] == 1


@EXAMPLES
@given(st.sampled_from(["password", "x-api-key", "dbPassword", "auth_token"]), values, shapes)
def test_nothing_is_left_of_a_value_under_a_sensitive_key(key, value, shapes):
    clean, _ = DEFAULT.value(wrapped({key: value}, shapes))

    (kept,) = _values_under(clean, key)
    if value in (None, True, False, "", [""], [], {}) or str(value).startswith(
        ("[Filtered:", "hmac:")
    ):
        return
    assert str(kept).strip("[]'").startswith("Filtered:")


def _values_under(tree, key):
    if isinstance(tree, dict):
        if key in tree:
            yield tree[key]
            return
        tree = list(tree.values())
    if isinstance(tree, list):
        for inner in tree:
            yield from _values_under(inner, key)


@EXAMPLES
@given(texts, scrubbers)
def test_findings_tell_where_and_never_what(text, scrubber):
    _, findings = scrubber.value({"note": text})

    for finding in findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.path == "note"


@pytest.mark.parametrize("scrubber", sorted(SCRUBBERS))
def test_a_text_with_lone_surrogates_is_scrubbed_too(scrubber):
    text = "\ud800password=hunter22\udfff"

    assert ("hunter22" in SCRUBBERS[scrubber].text(text)) == (scrubber == "keys")

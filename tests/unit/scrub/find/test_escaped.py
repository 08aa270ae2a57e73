"""Names of JSON with escaped letters, in texts that are not JSON as a whole."""

import pytest

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.messages import Span

SCRUBBER = Scrubber(ScrubOptions())
GONE = "[Filtered:password]"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (r'got {"p\u0061ssword":"hunter22"} back', rf'got {{"p\u0061ssword":"{GONE}"}} back'),
        (r'got {"p\u0061ssword" : 123456} back', rf'got {{"p\u0061ssword" : "{GONE}"}} back'),
        (r'{"p\u0061ssword":"hunter22"', rf'{{"p\u0061ssword":"{GONE}"'),
        (r'{\"p\\u0061ssword\":\"hunter22\"} y', rf'{{\"p\\u0061ssword\":\"{GONE}\"}} y'),
        (r'x {"\u0061pi_key":"a"}', r'x {"\u0061pi_key":"[Filtered:api-key]"}'),
    ],
)  # fmt: skip
def test_the_value_goes(text, clean):
    assert SCRUBBER.text(text) == clean
    assert not SCRUBBER.is_clean(Span(name=text).SerializeToString())


@pytest.mark.parametrize(
    "text",
    [
        r'got {"p\u0061ge":"hunter22"} back',
        r'got {"p\u0061ssword":"${X}"} back',
        r'got {"p\u0061ssword":""} back',
        r'got {"\ud800":"x"} back',
        r'got {"client\u005fid":"shop"} back',
    ],
)
def test_other_values_stay(text):
    assert SCRUBBER.text(text) == text

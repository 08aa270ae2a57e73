"""JSON inside of text: names decide, however deep and however escaped."""

import pytest

from otel_bridge.scrub.scrubber import Scrubber

SCRUBBER = Scrubber()
GONE = "[Filtered:password]"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('{"password":"x"}', f'{{"password":"{GONE}"}}'),
        ('{"a":[{"db":{"password" : "x","n":1}}]}',
         f'{{"a":[{{"db":{{"password" : "{GONE}","n":1}}}}]}}'),
        ('{"password":12}', f'{{"password":"{GONE}"}}'),
        ('{"password":["a","b",3,null]}', f'{{"password":["{GONE}","{GONE}","{GONE}",null]}}'),
        ('{"password":{"a":"x","b":true}}', f'{{"password":{{"a":"{GONE}","b":true}}}}'),
        (r'{"p\u0061ssword":"x","a":"y"}', rf'{{"p\u0061ssword":"{GONE}","a":"y"}}'),
        (r'{"password":"a\"b"}', f'{{"password":"{GONE}"}}'),
        (' [{"password":"x"}] ', f' [{{"password":"{GONE}"}}] '),
        ('{"user.email":"x"}', '{"user.email":"[Filtered:email]"}'),
    ],
)  # fmt: skip
def test_what_stands_under_a_sensitive_name_goes(text, clean):
    assert SCRUBBER.text(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        '{"a":"password","b":{"max_tokens":5}}',
        '{"password":"","a":null}',
        '{"password":"${PASSWORD}"}',
        '{"password":null,"token":true}',
        '{"text":"say \\"password\\": yes"}',
        "{not json}",
    ],
)
def test_other_values_stay(text):
    assert SCRUBBER.text(text) == text


def test_json_that_is_nested_too_deeply_to_be_read_goes_as_a_whole():
    text = '{"password":' + "[" * 5_000 + "1" + "]" * 5_000 + "}"

    assert SCRUBBER.text(text) == "[Filtered:too-much]"

"""A text without its secrets: what is taken out, in which order, until nothing is left."""

from base64 import urlsafe_b64encode

import pytest

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber


def jwt(number=0):
    claims = urlsafe_b64encode(b'{"sub": "%d"}' % number).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{claims}.{'c2ln' * 10}{number:04}"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("saw {} here", "saw [Filtered:jwt] here"),
        ("/login?token={}&page=2", "/login?token=[Filtered:jwt]&page=2"),
        ("password=hunter22 {}", "password=[Filtered:password] [Filtered:jwt]"),
        (
            "{}, then {} and jane@example.org",
            "[Filtered:jwt], then [Filtered:jwt] and [Filtered:email]",
        ),
        ("password={}!tail", "password=[Filtered:jwt]"),
        ('{{"password": "x {} y"}}', '{{"password": "[Filtered:quoted-phrase]"}}'),
    ],
)
def test_a_json_web_token_is_taken_out_first_and_the_rest_after_it(text, clean):
    tokens = jwt(1), jwt(2)

    assert Scrubber().text(text.format(*tokens)) == clean.format()


def test_many_json_web_tokens_are_taken_out_too():
    text = " ".join(map(jwt, range(40)))

    assert "eyJ" not in Scrubber().text(text)


def test_json_web_tokens_stay_where_nobody_looks_for_them():
    scrubber = Scrubber(ScrubOptions(allow_rules=("jwt",)))

    assert scrubber.text(f"saw {jwt()} here") == f"saw {jwt()} here"

"""Random strings near words that say what they are."""

import random

import pytest

from otel_bridge.scrub.scrubber import Scrubber
from tests.benchmarks.scrub_samples import make

SCRUBBER = Scrubber()
FIRST, SECOND = make("{U:43}", random.Random(1)), make("{U:43}", random.Random(2))
BODY = make("{B:64}", random.Random(3))


def test_what_goes_on_behind_a_dot_goes_too():
    text = SCRUBBER.text(f"the shop secret {FIRST}.{SECOND} was refused")

    assert FIRST not in text
    assert SECOND not in text


@pytest.mark.parametrize("kind", ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"])
def test_what_is_public_stays(kind):
    text = f"-----BEGIN {kind}-----\n{BODY}\n-----END {kind}-----"

    assert SCRUBBER.text(text) == text


def test_a_fingerprint_of_a_key_that_signs_stays():
    text = f"gpg: using RSA key {make('{H:40}', random.Random(4)).upper()}"

    assert SCRUBBER.text(text) == text

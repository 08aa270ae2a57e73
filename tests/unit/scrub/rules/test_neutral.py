"""Keys in armour and other formats without a vendor."""

import random

import pytest

from otel_bridge.scrub.finder import PatternFinder
from otel_bridge.scrub.rules.neutral import RULES
from tests.benchmarks.scrub_samples import make

BY_ID = {rule.id: rule for rule in RULES}
BODY = make("{B:64}", random.Random(1))


def found(rule, text):
    raw = text.encode()
    return [
        raw[hit.start : hit.end].decode() for hit in PatternFinder(BY_ID[rule]).find(raw) if hit
    ]


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])
def test_the_body_of_a_private_key_goes_and_its_frame_stays(kind):
    text = f"-----BEGIN {kind}PRIVATE KEY-----\n{BODY}\n{BODY}\n-----END {kind}PRIVATE KEY-----"

    assert found("private-key", text) == [f"{BODY}\n{BODY}"]


def test_a_key_on_one_line_with_escaped_line_ends_is_found():
    text = f'"key": "-----BEGIN PRIVATE KEY-----\\n{BODY}\\n-----END PRIVATE KEY-----\\n"'

    assert BODY in found("private-key", text)[0]


def test_a_key_that_was_cut_off_is_found_up_to_the_end():
    assert found("private-key", f"-----BEGIN PRIVATE KEY-----\n{BODY}") == [BODY]


def test_a_pgp_block_and_a_putty_key_are_found():
    pgp = f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{BODY}\n-----END PGP PRIVATE KEY BLOCK-----"
    putty = f"Private-Lines: 1\n{BODY}\nPrivate-MAC: 00"

    assert found("private-key", pgp) == [BODY]
    assert BODY in found("putty-key", putty)[0]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",  # noqa: E501
        "-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----",
    ],
)
def test_a_public_key_and_a_stand_in_are_left_alone(text):
    assert found("private-key", text) == []


def test_the_seed_of_one_time_codes_is_found():
    text = "otpauth://totp/shop:bob?secret=JBSWY3DPEHPK3PXP&issuer=shop"

    assert found("otpauth-seed", text) == ["JBSWY3DPEHPK3PXP"]


def test_a_wireguard_key_is_found_and_its_public_half_is_not():
    private, public = (make("{B:43}=", random.Random(seed)) for seed in (2, 3))

    assert found("wireguard-key", f"PrivateKey = {private}\nPublicKey = {public}") == [private]

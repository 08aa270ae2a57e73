"""Keys in armour and other formats without a vendor."""

import random

import pytest

from otel_bridge.scrub.rules.neutral import RULES
from tests.benchmarks.scrub_samples import make
from tests.unit.scrub.rules import examples

BY_ID = {rule.id: rule for rule in RULES}
BODY = make("{B:64}", random.Random(1))


KEY = make("{B:43}=", random.Random(2))

FOUND = [
    ("private-key", f"-----BEGIN PRIVATE KEY-----\n{BODY}", BODY),
    ("private-key", f"-----BEGIN EC PRIVATE KEY-----\\n{BODY}\\n-----END EC", BODY),
    ("private-key-end", f"{BODY}\n{BODY}\n-----END RSA PRIVATE KEY-----", BODY),
    ("armoured-lines", f"x\n{BODY}\n{BODY}\n{BODY[:20]}==\ny", BODY),
    ("putty-key", f"Private-Lines: 1\n{BODY}\nPrivate-MAC: 00", f"1\n{BODY}"),
    ("otpauth-seed", "otpauth://totp/shop:bob?secret=JBSWY3DPEHPK3PXP&a=b", "JBSWY3DPEHPK3PXP"),
    ("wireguard-key", f"PrivateKey = {KEY}\nPublicKey = x", KEY),
]


def found(rule, text):
    return examples.found(BY_ID[rule], text)


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it(rule, text, secret):
    assert found(rule, text)[0].startswith(secret)
    assert examples.is_seen(BY_ID[rule], text)


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


LOOK_ALIKES = [
    (
        "private-key",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC",
    ),
    ("private-key", "-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----"),
    ("private-key", "-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----"),
    ("putty-key", "Private-Lines: 1\nanything\nPrivate-MAC: 00"),
    ("armoured-lines", f"x\n{'0123456789abcdef' * 4}\n{'fedcba9876543210' * 4}\ny"),
    ("armoured-lines", f"x\n{BODY}\ny"),
    ("armoured-lines", f"-----BEGIN CERTIFICATE-----\n{BODY}\n{BODY}\n-----END"),
    ("private-key-end", "-----END PRIVATE KEY-----"),
    ("wireguard-key", f"PrivateKey = {'A' * 43}="),
    ("jwt", "eyJub3QiOiJhIHRva2VuIn0.plain.text"),
]


@pytest.mark.parametrize(("rule", "text"), LOOK_ALIKES)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(rule, text) == []


def test_the_seed_of_one_time_codes_is_found():
    text = "otpauth://totp/shop:bob?secret=JBSWY3DPEHPK3PXP&issuer=shop"

    assert found("otpauth-seed", text) == ["JBSWY3DPEHPK3PXP"]


def test_a_wireguard_key_is_found_and_its_public_half_is_not():
    private, public = (make("{B:43}=", random.Random(seed)) for seed in (2, 3))

    assert found("wireguard-key", f"PrivateKey = {private}\nPublicKey = {public}") == [private]


@pytest.mark.parametrize("kind", ["CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST", "X509 CRL"])
def test_what_is_public_is_left_alone(kind):
    text = f"-----BEGIN {kind}-----\n{BODY}\n{BODY}\n-----END {kind}-----"

    assert found("armoured-lines", text) == []

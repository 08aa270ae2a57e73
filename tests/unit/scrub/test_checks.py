"""Checks that tell a secret from its look-alikes."""

import base64

import pytest

from otel_bridge.scrub.checks import is_basic_credential, is_card, is_iban, is_jwt, luhn


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005",
        "6011111111111117", "30569309025904", "3530111333300000", "2223003122003222",
        "6200000000000005", "4222222222222",
    ],
)  # fmt: skip
def test_a_number_can_be_that_of_a_card(number):
    assert is_card(number.encode())


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111112", "411111111111111", "9111111111111111", "0000000000000000",
        "2220999999999996", "2721000000000004", "378282246310006",
    ],
)  # fmt: skip
def test_other_numbers_cannot(number):
    assert not is_card(number.encode())


@pytest.mark.parametrize("digits", ["0", "18", "79927398713"])
def test_the_check_digit_of_luhn(digits):
    assert luhn(digits)
    assert not luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE89370400440532013000", True),
        ("GB82 WEST 1234 5698 7654 32", True),
        ("NO9386011117947", True),
        ("DE89370400440532013001", False),
        ("GB82 WEST", False),
        ("DE89" + "0" * 40, False),
    ],
)
def test_an_iban_has_a_check_sum(text, expected):
    assert is_iban(text.encode()) is expected


def head(json):
    return base64.urlsafe_b64encode(json.encode()).rstrip(b"=") + b".e30.x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (head('{"alg":"HS256"}'), True),
        (head('{"typ":"JWT"}'), True),
        (head('{"kid":"1"}'), True),
        (head('{"page":1}'), False),
        (head("[1]"), False),
        (head("no json"), False),
        (b"a.b.c", False),
        (b"", False),
    ],
)
def test_a_web_token_begins_with_a_header(text, expected):
    assert is_jwt(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (base64.b64encode(b"bob:hunter22"), True),
        (base64.b64encode(b"bob:hunter2").rstrip(b"="), True),
        (base64.b64encode(b"just text"), True),
        (base64.b64encode(b"\x00\x01\x02"), False),
        (b"not base64!", False),
    ],
)
def test_basic_credentials_are_text(text, expected):
    assert is_basic_credential(text) is expected

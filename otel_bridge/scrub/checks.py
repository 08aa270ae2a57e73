"""Checks that tell a secret from its look-alikes: checksums, structure, entropy."""

import base64
import binascii

import msgspec

_CARD_RANGES = (
    ("4", (13, 16, 19)),
    ("34", (15,)),
    ("37", (15,)),
    ("36", (14,)),
    ("38", (14,)),
    *((str(n), (16,)) for n in range(51, 56)),
    *((str(n), (14,)) for n in range(300, 306)),
    *((str(n), (16, 17, 18, 19)) for n in range(3528, 3590)),
    ("6011", (16, 19)),
    *((str(n), (16, 19)) for n in range(644, 650)),
    ("65", (16, 19)),
    ("62", (16, 17, 18, 19)),
)


_SAME_DIGIT = 1
_MASTERCARD_2 = range(2221, 2721)
_MASTERCARD_2_DIGITS = 16


def is_card(text: bytes) -> bool:
    """Tell whether the digits are a payment card number: issuer range, length and Luhn."""
    digits = text.replace(b"%20", b"").translate(None, b" +-\xc2\xa0").decode("latin-1")
    if len(set(digits)) <= _SAME_DIGIT or not luhn(digits):
        return False
    if digits.startswith("2") and len(digits) == _MASTERCARD_2_DIGITS:
        return int(digits[:4]) in _MASTERCARD_2
    return any(digits.startswith(head) and len(digits) in sizes for head, sizes in _CARD_RANGES)


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit of the others."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = ord(char) - 48
        if place % 2:
            value = sum(divmod(value * 2, 10))
        total += value
    return total % 10 == 0


def is_jwt(text: bytes) -> bool:
    """Tell whether the first part is base64url of a JSON object that names an algorithm."""
    head = text.split(b".", 1)[0]
    try:
        decoded = base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4))
        header = msgspec.json.decode(decoded)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return False
    return isinstance(header, dict) and ("alg" in header or "typ" in header or "kid" in header)


_IBAN_SIZES = range(15, 35)
"""ISO 13616: from Norway to Malta, and what may come."""


def is_iban(text: bytes) -> bool:
    """Tell whether a text is an IBAN: the first four characters moved to the end, mod 97 is 1."""
    compact = text.replace(b" ", b"").decode("latin-1")
    if len(compact) not in _IBAN_SIZES:
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


_FIRST_PRINTABLE = 9


def is_basic_credential(text: bytes) -> bool:
    """Tell whether a text is base64 of ``user:password``, or at least of text."""
    try:
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        return False
    return b":" in decoded or min(decoded, default=0) >= _FIRST_PRINTABLE

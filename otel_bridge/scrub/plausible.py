"""Judges whether the value behind a sensitive name can be the secret, or only talks about it."""

import re2

from otel_bridge.scrub.keys import Verdict, to_tokens
from otel_bridge.scrub.placeholder import is_expression, is_placeholder
from otel_bridge.scrub.randomness import is_random, is_uuid
from otel_bridge.scrub.vendors import VENDORS

MIN_PASSWORD_BYTES = 4
MIN_SECRET_BYTES = 8
MIN_WEAK_BYTES = 16
MIN_VENDOR_KEY_BYTES = 12
"""A key that a known service gave out need not look random."""
MAX_WORDS_IN_PASSWORD = 2
MAX_WORDS_IN_PHRASE = 8
MAX_PASSPHRASE_BYTES = 40
_PASSWORD_RULES = frozenset(["password"])
_WORDY = re2.compile(
    rb"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|cred|auth|value|input|field|param|arg|user|"
    rb"name|label|text|type|string|form|prompt|hash|login|confirm|reset|forgot|change|edit|update|"
    rb"require|valid|error|message|title|hint|null|default|option|config|setting|env|file|path)"
)
_IDENTIFIER = re2.compile(rb"^[A-Za-z_$@#.\-/:\\][A-Za-z_$.\-/#:\\]*$")
_ADDRESS = re2.compile(rb"^(?:[a-z][a-z0-9+.\-]{1,12}://[^:@/]*(?:[/:?#][^@]*)?$|\.{0,2}/[\w.\-]+/.*|\.{0,2}/[\w./\-]*$|arn:aws)")
_FILE = re2.compile(
    rb"(?i)^[\w./\\:~\-]*\.(?:pem|crt|cer|key|p12|pfx|jks|json|ya?ml|xml|txt|properties|conf|ini|js|ts|"
    rb"py|rb|java|html?|php|go|css|md|log|env|keytab|svg|png|u16|u32|length|size|id|name)$"
)
_HOSTNAME = re2.compile(rb"(?i)^(?:[a-z0-9\-]+\.)+(?:com|net|org|io|dev|local|internal|svc|cloud|co)(?::\d+)?$")
_PHRASE = re2.compile(rb"^[a-z]{12,}$")
"""Words written together, as people do for passwords and programmers do not for names."""


def is_plausible(  # noqa: PLR0913 (facts about one value)
    value: bytes,
    name: bytes,
    verdict: Verdict,
    *,
    quoted: bool,
    strict: bool,
    code: bool,
    compared: bool,
) -> bool:
    """Tell whether a value can be the secret that its name announces.

    Args:
        value: Without quotes.
        name: The name in front of it.
        verdict: What the name says.
        quoted: Whether the value stood in quotes or between tags.
        strict: The form of the assignment is weak evidence, so the value must be strong.
        code: What follows an unquoted value is a call or an index.
        compared: The text compares with the value instead of assigning it.
    """
    if is_placeholder(value) or value[:1] in (b"+", b".", b",", b")", b"]", b"&", b"|", b" ", b"="):
        return False
    if not quoted and (code or is_expression(value)) and not is_random(value):
        return False
    if _ADDRESS.match(value) or (_FILE.match(value) and not is_random(value)):
        return False
    if b"\x00" in value or _HOSTNAME.match(value):
        return False
    if verdict.weak:
        return _is_strong(value, name)
    if strict and verdict.rule not in _PASSWORD_RULES:
        return _is_mixed(value) and len(value) >= MIN_SECRET_BYTES and b" " not in value
    if verdict.rule in _PASSWORD_RULES or (compared and quoted):
        return _can_be_password(value, name, quoted=quoted)
    return _can_be_secret(value)


def _can_be_password(value: bytes, name: bytes, *, quoted: bool) -> bool:
    if len(value) < MIN_PASSWORD_BYTES:
        return False
    words = value.split()
    most = MAX_WORDS_IN_PHRASE if b"phrase" in name.lower() else MAX_WORDS_IN_PASSWORD
    if len(words) > most or (len(words) > 1 and len(value) > MAX_PASSPHRASE_BYTES):
        return False
    if _IDENTIFIER.match(value) and _WORDY.search(value):
        return value.lower() == b"secret" or (quoted and _PHRASE.match(value) is not None)
    if len(words) > 1 and (_WORDY.search(value) or value[-1:] in (b":", b"?", b".")):
        return False
    return quoted or value[-1:] != b":"


def _can_be_secret(value: bytes) -> bool:
    if len(value) < MIN_SECRET_BYTES or b" " in value.strip():
        return False
    if _IDENTIFIER.match(value):
        return len(value) >= 24 and _is_mixed_case(value)  # noqa: PLR2004 (no digit: needs length)
    return _is_mixed(value)


def _is_strong(value: bytes, name: bytes) -> bool:
    if b" " in value:
        return False
    if _names_vendor(name):
        return len(value) >= MIN_VENDOR_KEY_BYTES and (_is_mixed(value) or value.isdigit())
    return len(value) >= MIN_WEAK_BYTES and not is_uuid(value) and is_random(value)


def _names_vendor(name: bytes) -> bool:
    return not VENDORS.isdisjoint(to_tokens(name.decode("latin-1")))


def _is_mixed(value: bytes) -> bool:
    digits = sum(value.count(b"%d" % digit) for digit in range(10))
    return digits > 0 and digits < len(value) or digits >= 12  # noqa: PLR2004 (long numbers)


def _is_mixed_case(value: bytes) -> bool:
    return value != value.lower() and value != value.upper() and b"." not in value and b"-" not in value

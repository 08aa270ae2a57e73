"""Judges whether the value behind a sensitive name can be the secret, or only talks about it."""

from otel_bridge.scrub.find.forms import Form, Place
from otel_bridge.scrub.find.placeholder import is_expression, is_placeholder
from otel_bridge.scrub.names.keys import Verdict, to_tokens
from otel_bridge.scrub.names.vendors import VENDORS
from otel_bridge.scrub.randomness import is_letter_soup, is_random, is_uuid
from otel_bridge.scrub.search import compile_bytes

MIN_PASSWORD_BYTES = 4
MIN_SECRET_BYTES = 8
MIN_WEAK_BYTES = 16
MIN_VENDOR_KEY_BYTES = 12
"""A key that a known service gave out need not look random."""
MIN_LETTERS_BYTES = 24
"""Letters alone are a secret only when there are many of them, in both cases."""
MIN_SOUP_BYTES = 12
"""Letters that no word has in this order are a secret although they are few."""
MIN_NUMBER_BYTES = 12
MAX_JUDGED_BYTES = 256
"""The beginning of a long value says enough."""
MAX_WORDS_IN_PASSWORD = 2
MAX_WORDS_IN_PHRASE = 8
MAX_PASSPHRASE_BYTES = 40

_WORDY = compile_bytes(
    rb"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|cred|auth|value|input|field|param|arg|"
    rb"user|name|label|text|type|string|form|prompt|hash|login|confirm|reset|forgot|change|edit|"
    rb"update|require|valid|error|message|title|hint|null|default|option|config|setting|env|file|path)"
)
_LETTERS_ONLY = compile_bytes(rb"^[A-Za-z_$@#.\-/:\\]+$")
_ADDRESS = compile_bytes(
    # `https://host/path`, `/path/to/`, `./file`, `arn:aws:...`
    rb"^(?:[a-z][a-z0-9+.\-]{1,12}://[^:@/]*(?:[/:?#][^@]*)?$|\.{0,2}/[\w.\-]+/.*|"
    rb"\.{0,2}/[\w./\-]*$|arn:aws|"
    # `api.host.com:443`
    rb"(?i:(?:[a-z0-9\-]+\.)+(?:com|net|org|io|dev|local|internal|svc|cloud|co))(?::\d+)?$)"
)
_FILE = compile_bytes(
    rb"(?i)^[\w./\\:~\-]*\.(?:pem|crt|cer|key|p12|pfx|jks|json|ya?ml|xml|txt|properties|conf|ini|"
    rb"js|ts|py|rb|java|html?|php|go|css|md|log|env|keytab|svg|png|u16|u32|length|size|id|name)$"
)
_WORDS_IN_ONE = compile_bytes(rb"^[a-z]{12,}$")
"""Words written together, as people do for passwords and programmers do not for names."""
_PLACE = compile_bytes(rb"^[a-z][a-z_\-]{3,}/")
"""A key of a store: `images/7a61.png`. Base64 begins like this once in two thousand times."""
_NO_START = tuple(b"+.,)]&| =")


def is_plausible(
    value: bytes, place: Place, verdict: Verdict, *, quoted: bool, code: bool = False
) -> bool:
    """Tell whether a value can be the secret that its name announces.

    Args:
        value: Without quotes.
        place: Where it stands.
        verdict: What the name says.
        quoted: Whether it stood in quotes or between tags.
        code: What follows it is a call or an index, so it is an expression.
    """
    value = value[:MAX_JUDGED_BYTES]
    if is_placeholder(value) or value[0] in _NO_START or b"\0" in value:
        return False
    if not quoted and (code or is_expression(value)) and not is_random(value):
        return False
    if _ADDRESS.match(value) or (b"." in value and _FILE.match(value) and not is_random(value)):
        return False
    if verdict.weak:
        return _is_key(value, place.name)
    is_password = verdict.rule == "password"
    if place.form in (Form.CALL, Form.SPACE) and not is_password and not place.is_flag:
        return _is_mixed(value) and len(value) >= MIN_SECRET_BYTES and b" " not in value
    if is_password or (quoted and (b"==" in place.separator or b"!=" in place.separator)):
        return _is_password(value, place.name, quoted=quoted)
    return _is_secret(value)


def _is_password(value: bytes, name: bytes, *, quoted: bool) -> bool:
    if len(value) < MIN_PASSWORD_BYTES or (not quoted and value.endswith(b":")):
        return False
    words = len(value.split())
    most = MAX_WORDS_IN_PHRASE if b"phrase" in name.lower() else MAX_WORDS_IN_PASSWORD
    if words > most or (words > 1 and len(value) > MAX_PASSPHRASE_BYTES):
        return False
    if _LETTERS_ONLY.match(value) and _WORDY.search(value):
        return value.lower() == b"secret" or (quoted and _WORDS_IN_ONE.match(value) is not None)
    return words == 1 or not (_WORDY.search(value) or value.endswith((b":", b"?", b".")))


def _is_secret(value: bytes) -> bool:
    if len(value) < MIN_SECRET_BYTES or b" " in value.strip():
        return False
    if _LETTERS_ONLY.match(value):
        if len(value) >= MIN_SOUP_BYTES and is_letter_soup(value):
            return True
        return (
            len(value) >= MIN_LETTERS_BYTES
            and value not in (value.lower(), value.upper())
            and b"." not in value
            and b"-" not in value
        )
    return _is_mixed(value)


def _is_key(value: bytes, name: bytes) -> bool:
    if b" " in value or _PLACE.match(value) is not None:
        return False
    if not VENDORS.isdisjoint(to_tokens(name.decode("latin-1"))):
        is_key = _is_mixed(value) or value.isdigit() or is_letter_soup(value)
        return len(value) >= MIN_VENDOR_KEY_BYTES and is_key
    if is_uuid(value):
        # `SHOP_KEY=`: what the environment sets is no id of a thing that was processed.
        return name.isupper() and b"_" in name
    return len(value) >= MIN_WEAK_BYTES and is_random(value)


def _is_mixed(value: bytes) -> bool:
    digits = sum(map(value.count, b"0123456789"))
    return 0 < digits < len(value) or digits >= MIN_NUMBER_BYTES

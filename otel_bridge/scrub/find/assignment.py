"""Assignments in text: ``name = value`` in code, configuration, markup, headers and commands."""

from collections.abc import Iterator

from otel_bridge.scrub.find.context import names_service
from otel_bridge.scrub.find.cookies import values_of
from otel_bridge.scrub.find.forms import Form, Place, next_place
from otel_bridge.scrub.find.name_gate import NameGate
from otel_bridge.scrub.find.placeholder import is_expression, is_placeholder, is_template
from otel_bridge.scrub.find.plausible import MIN_VENDOR_KEY_BYTES, is_plausible
from otel_bridge.scrub.find.prefilter import name_probes
from otel_bridge.scrub.find.schemes import SCHEME
from otel_bridge.scrub.find.values import MAX_VALUE_BYTES, Value, read_value
from otel_bridge.scrub.names.keys import KeyRules, Verdict
from otel_bridge.scrub.randomness import is_random, is_uuid
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.search import compile_bytes

MIN_PHRASE_WORDS = 11
"""BIP-39 phrases have 12 to 24 words; one may be cut off."""
MAX_PHRASE_BYTES = 256
MIN_CREDENTIAL_BYTES = 6
"""Behind a scheme like ``Bearer`` little is left to doubt."""
MAX_COOKIE_HEADER_BYTES = 8_192
_MAX_SCHEME_BYTES, _MAX_SCHEME_NAME_BYTES = 64, 24
_MAX_HEADER_SEPARATOR_BYTES = 16

_WORDS = compile_bytes(rb"[a-z]+(?:[ ,]+[a-z]+)*")
_HEADER_SEPARATOR = compile_bytes(rb"\\*[\"'`]?\s*[:=]\s*")
_SPACES = compile_bytes(rb"[ \t]+")
_LINE_END = compile_bytes(rb"[\n\r\"']")
_CODE = (b"(", b"[", b"{")
_BARE_KEYS = (b"key",)
_ANNOUNCED_WITHIN_BYTES = 120
_USING = compile_bytes(rb"(?i)\b(?:using|use|with|sending|set)\b[^\n]*$")
_WEAK_PASSWORDS = (b"password", b"mypassword", b"my_password")


class Assignments:
    """Finds the values that stand behind sensitive names."""

    probes = name_probes()
    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self._gate = NameGate(keys)

    def may_find(self, raw: bytes) -> bool:
        """Tell whether a name in these bytes is sensitive."""
        return self._gate.may_find(raw)

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the value ranges, in order."""
        start = 0
        while (place := next_place(text, start)) is not None:
            start = place.name_end
            yield None
            verdict = self._keys.of_text(place.name.decode("latin-1"))
            if verdict is None:
                continue
            # To read and judge a value takes longer than to find a name.
            yield from (None, None)
            for value in _values(place, verdict):
                yield Hit(value.start, value.end, verdict.rule)
                start = max(start, value.end)


def _values(place: Place, verdict: Verdict) -> Iterator[Value]:
    if verdict.rule == "cookie":
        yield from _cookies(place)
        return
    value = _element(place, verdict) if place.form is Form.ELEMENT else _value(place, verdict)
    if value is not None:
        yield value


def _cookies(place: Place) -> Iterator[Value]:
    """Yield the value of each cookie of a header; other forms show too few signs of one."""
    text, at = place.text, place.name_end
    # `--cookie "a=b"`: a space is enough behind an option.
    pattern = _SPACES if place.form is Form.SPACE and place.is_flag else _HEADER_SEPARATOR
    separator = pattern.match(text, at, at + _MAX_HEADER_SEPARATOR_BYTES)
    value = read_value(text, separator.end()) if separator is not None else None
    if value is None:
        return
    end = value.end if value.quoted else _line_end(text, value.start)
    for _name, start, stop in values_of(text, value.start, end):
        if not is_template(text[start:stop]):
            yield Value(start, stop, quoted=False, after=stop)


def _line_end(text: bytes, place: int) -> int:
    end = min(place + MAX_COOKIE_HEADER_BYTES, len(text))
    found = _LINE_END.search(text, place, end)
    return end if found is None else found.start()


def _element(place: Place, verdict: Verdict) -> Value | None:
    """Read what stands between tags."""
    text = place.text
    if text[max(0, place.name_at - 1) : place.name_at] not in (b"<", b":"):
        return None
    end = text.find(b"<", place.value_at, place.value_at + MAX_VALUE_BYTES)
    inner = text[place.value_at : max(end, place.value_at)]
    start = place.value_at + len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if start >= end or not is_plausible(text[start:end], place, verdict, quoted=True):
        return None
    return Value(start, end, quoted=True, after=end)


def _value(place: Place, verdict: Verdict) -> Value | None:
    text = place.text
    value = read_value(text, place.value_at, env_line=place.is_line) if place.is_evident else None
    if value is None or (verdict.weak and value.end - value.start < MIN_VENDOR_KEY_BYTES):
        return None
    if _is_in_connection_string(place, value):
        return value if not _is_unfilled(text[value.start : value.end]) else None
    if not value.quoted and _needs_quotes(place, text[value.start : value.end]):
        return None
    if verdict.rule == "recovery-phrase":
        return _phrase(text, value)
    behind_scheme = _behind_scheme(text, value)
    if behind_scheme is not None:
        return behind_scheme if _is_credential(text, behind_scheme) else None
    if verdict.weak and _is_announced(place, text[value.start : value.end]):
        return value
    is_expected = is_plausible(
        text[value.start : value.end],
        place,
        verdict,
        quoted=value.quoted,
        code=_is_code(text, value),
    )
    return value if is_expected else None


def _is_announced(place: Place, word: bytes) -> bool:
    """Tell whether a log says just before ``Key=`` whose key it is; then a short one counts."""
    if place.form is not Form.PLAIN or place.name.lower() not in _BARE_KEYS or b" " in word:
        return False
    if is_placeholder(word) or is_expression(word) or word.isalpha() or not word.isascii():
        return False
    before = place.text[max(0, place.name_at - _ANNOUNCED_WITHIN_BYTES) : place.name_at]
    return _USING.search(before) is not None and names_service(before)


def _needs_quotes(place: Place, word: bytes) -> bool:
    if place.form is Form.PROSE:
        return not is_random(word) and not is_uuid(word)
    return place.form is Form.CALL or (place.form is not Form.PAIR and b"\n" in place.separator)


def _is_in_connection_string(place: Place, value: Value) -> bool:
    """Tell whether ``;`` or a quote stands before the name, and ``=`` without a quote after it."""
    if place.form is not Form.PLAIN or value.quoted or b"=" not in place.separator:
        return False
    follows = place.text[value.after : value.after + 1]
    if place.lead == b";":
        return follows in (b";", b'"', b"'", b"")
    return follows == b";" and place.lead in (b'"', b"'")


def _is_unfilled(word: bytes) -> bool:
    return is_placeholder(word) and word.lower() not in _WEAK_PASSWORDS


def _is_code(text: bytes, value: Value) -> bool:
    return not value.quoted and text[value.after : value.after + 1] in _CODE


def _behind_scheme(text: bytes, value: Value) -> Value | None:
    """Return what follows ``Bearer`` or its like; None where the value begins with no scheme."""
    size = value.end - value.start
    if not value.quoted and size > _MAX_SCHEME_NAME_BYTES:
        word = text[value.start : value.start + _MAX_SCHEME_BYTES]
        if b"%20" not in word and b"+" not in word:
            return None
    scheme = SCHEME.match(text, value.start, value.start + _MAX_SCHEME_BYTES)
    if scheme is None:
        return None
    if not value.quoted:
        return read_value(text, scheme.end())
    return value._replace(start=scheme.end()) if scheme.end() < value.end else None


def _is_credential(text: bytes, value: Value) -> bool:
    word = text[value.start : value.end]
    if len(word) < MIN_CREDENTIAL_BYTES or _is_code(text, value):
        return False
    return not is_placeholder(word)


def _phrase(text: bytes, value: Value) -> Value | None:
    """Read the words of a wallet: in quotes, or up to the end of the line."""
    if not value.quoted:
        found = _WORDS.match(text, value.start, value.start + MAX_PHRASE_BYTES)
        if found is None:
            return None
        value = value._replace(end=found.end(), after=found.end())
    words = text[value.start : value.end].split()
    return value if len(words) >= MIN_PHRASE_WORDS else None

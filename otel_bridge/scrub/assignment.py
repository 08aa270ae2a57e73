"""Assignments in text: ``name = value`` in code, configuration, markup, headers and commands."""

from collections.abc import Iterator

import re2

from otel_bridge.scrub.cookies import values_of
from otel_bridge.scrub.gates import MAX_NAME_BYTES, NameGate, name_start
from otel_bridge.scrub.keys import KeyRules, Verdict
from otel_bridge.scrub.placeholder import is_placeholder, is_template
from otel_bridge.scrub.plausible import is_plausible
from otel_bridge.scrub.prefilter import name_core, name_probes
from otel_bridge.scrub.randomness import is_random, is_uuid
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.values import Value, read_value

MIN_PHRASE_WORDS = 11
"""BIP-39 phrases have 12 to 24 words; one may be cut off."""
MAX_PHRASE_BYTES = 256
MIN_CREDENTIAL_BYTES = 6
"""Behind a scheme like ``Bearer`` little is left to doubt."""
MAX_COOKIE_HEADER_BYTES = 8_192

_ASSIGNMENT = re2.compile(
    f"({name_core()})".encode() +
    (# name: Type = value / name = value / name => value / "name": value / name%3Dvalue
    rb"(?:(\\*[\"'`]?[\])]?\s*(?::\s?(?:[A-Z][\w<>\[\]|.]*|str|string|bytes|any|char)\s?=|=>|:=|!==?|=+|::?|%3[DdAa])\s*)"
    # <key>name</key><string>value; name="..." value="value"; "name": "...", "value": "value"
    rb"|(\\*[\"'`]?\s*(?:</[A-Za-z]+>\s*<[A-Za-z]+>|,?\s*\\*[\"']?(?i:value|default)\\*[\"']?\s*[=:]\s*"
    rb"|\\*[\"']?\s*\{\s*default\s*=\s*))"
    # ("name", "value")
    rb"|(\\*[\"'`]\s*,\s*)"
    # <name>value, <name attribute="...">value
    rb"|((?:\s+[\w:]+=\"[^\"<>]*\")*\s*>)"
    # the password is 'value'
    rb"|(\s+(?:is|was)\s*:?\s+)"
    # --name value, login x password value
    rb"|([ \t]+))"
    )
)
_WORDS = re2.compile(rb"[a-z]+(?:[ ,]+[a-z]+)*")
_QUOTES = (b'"', b"'")
_HEADER_SEPARATOR = re2.compile(rb"\\*[\"'`]?\s*[:=]\s*")
_PLAIN, _PAIR, _CALL, _ELEMENT, _PROSE, _SPACE = 2, 3, 4, 5, 6, 7
_SCHEME = re2.compile(
    rb"(?i)(?:bearer|basic|token|ssws|api-?key|key|digest|negotiate|splunk|genie-?key|bot|jwt|oauth|"
    rb"hawk|mac|sso-key|aws4-hmac-sha256|apptoken|shippotoken|pve\w+|client-id|flyv1|zoho-\w+)"
    rb"(?:\s|%20|\+)+"
)


class Assignments:
    """Finds the values that stand behind sensitive names."""

    probes = name_probes()
    also = ""
    is_quick = False

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self._gate = NameGate(keys)

    def may_find(self, raw: bytes) -> bool:
        """Tell whether a name in these bytes is sensitive."""
        return self._gate.may_find(raw)

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the value ranges, in order."""
        place = 0
        while (match := _ASSIGNMENT.search(text, place)) is not None:
            word, place = match.span(1)
            start = name_start(text, word)
            name = text[start:place]
            verdict = self._keys.of_text(name[-MAX_NAME_BYTES:].decode("latin-1"))
            if verdict is None:
                continue
            if verdict.rule == "cookie":
                for hit in _cookies(text, place):
                    yield hit
                    place = max(place, hit.end)
                continue
            found = _value_of(text, start, match, verdict)
            if found is None:
                continue
            yield Hit(found.start, found.end, verdict.rule)
            place = found.end


def _cookies(text: bytes, place: int) -> Iterator[Hit]:
    """Yield the value of each cookie of a header; in other forms there are too few signs of one."""
    separator = _HEADER_SEPARATOR.match(text, place, place + 16)
    if separator is None:
        return
    value = read_value(text, separator.end())
    if value is None:
        return
    end = value.end if value.quoted else _line_end(text, value.start)
    for _name, start, stop in values_of(text, value.start, end):
        if not is_template(text[start:stop]):
            yield Hit(start, stop, "cookie")


def _line_end(text: bytes, place: int) -> int:
    ends = [end for mark in (b"\n", b"\r", b"\"", b"'") if (end := text.find(mark, place)) >= 0]
    return min([*ends, place + MAX_COOKIE_HEADER_BYTES, len(text)])


def _value_of(
    text: bytes, name_at: int, match: "re2._Match", verdict: Verdict
) -> Value | None:
    form = next(group for group in range(_PLAIN, _SPACE + 1) if match.start(group) >= 0)
    start, place = match.span(form)
    name = text[name_at : match.end(1)]
    if form == _ELEMENT:
        return _element(text, name_at, place, verdict)
    flag = form == _SPACE and _is_flag(text, name_at, name)
    if form == _SPACE and not flag and b"_" not in name and text[place : place + 1] not in _QUOTES:
        return None
    env_line = form == _PLAIN and _is_env_line(text, name_at, start, place)
    value = read_value(text, place, env_line=env_line)
    if value is None:
        return None
    if form == _PLAIN and _in_connection_string(text, name_at, start, value):
        return _connection_value(text, value)
    spans_lines = b"\n" in text[start:place]
    if not value.quoted and (
        form == _CALL
        or (spans_lines and form != _PAIR)
        or (form == _PROSE and not _looks_made(text[value.start : value.end]))
    ):
        return None
    if verdict.rule == "recovery-phrase":
        return _phrase(text, value)
    bare = _without_scheme(text, value)
    if bare is not value:
        word = text[bare.start : bare.end]
        is_code = not bare.quoted and text[bare.after : bare.after + 1] in (b"(", b"[", b"{")
        if len(word) < MIN_CREDENTIAL_BYTES or is_code or is_placeholder(word):
            return None
        return bare
    code = text[value.after : value.after + 1] if not value.quoted else b""
    if not is_plausible(
        text[value.start : value.end],
        name,
        verdict,
        quoted=value.quoted,
        strict=form in (_CALL, _SPACE) and not flag,
        compared=b"==" in text[start:place] or b"!=" in text[start:place],
        code=code in (b"(", b"[", b"{"),
    ):
        return None
    return value


def _looks_made(word: bytes) -> bool:
    return is_random(word) or is_uuid(word)


def _phrase(text: bytes, value: Value) -> Value | None:
    """Read the words of a wallet: twelve to twenty-four, in quotes or up to the end of the line."""
    if not value.quoted:
        found = _WORDS.match(text, value.start, value.start + MAX_PHRASE_BYTES)
        if found is None:
            return None
        value = value._replace(end=found.end(), after=found.end())
    words = text[value.start : value.end].split()
    return value if len(words) >= MIN_PHRASE_WORDS else None


def _element(text: bytes, name_start: int, place: int, verdict: Verdict) -> Value | None:
    if text[name_start - 1 : name_start] not in (b"<", b":"):
        return None
    end = text.find(b"<", place, place + 4096)
    if end < 0:
        return None
    inner = text[place:end]
    start = place + len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if start >= end or not is_plausible(
        text[start:end], b"", verdict, quoted=True, strict=False, code=False, compared=False
    ):
        return None
    return Value(start, end, quoted=True, after=end)


def _is_flag(text: bytes, start: int, name: bytes) -> bool:
    if name.startswith(b"-") or text[max(0, start - 1) : start] == b"-":
        return True
    return name == b"password" and b"login" in text[max(0, start - 200) : start]


def _is_env_line(text: bytes, name_start: int, sep_start: int, place: int) -> bool:
    if text[sep_start:place] != b"=":
        return False
    line = text[text.rfind(b"\n", 0, name_start) + 1 : name_start]
    return line.strip() in (b"", b"export", b"set", b"SET", b"ENV", b"-", b"- export")


def _in_connection_string(text: bytes, name_start: int, sep_start: int, value: Value) -> bool:
    """Tell whether ``;`` or a quote stands before the name, and ``=`` without a quote after it."""
    if value.quoted or b"=" not in text[sep_start : value.start]:
        return False
    lead = text[max(0, name_start - 24) : name_start].rstrip(b" \t\r\n")[-1:]
    follows = text[value.after : value.after + 1]
    return (lead == b";" and follows in (b";", b'"', b"'", b"")) or (
        follows == b";" and lead in (b'"', b"'")
    )


def _connection_value(text: bytes, value: Value) -> Value | None:
    word = text[value.start : value.end]
    if is_placeholder(word) and word.lower() not in (b"password", b"mypassword", b"my_password"):
        return None
    return value


def _without_scheme(text: bytes, value: Value) -> Value:
    scheme = _SCHEME.match(text, value.start, value.start + 64)
    if scheme is None:
        return value
    if value.quoted:
        if scheme.end() >= value.end:
            return value
        return value._replace(start=scheme.end())
    rest = read_value(text, scheme.end())
    return rest if rest is not None else value

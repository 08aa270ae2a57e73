"""Values that stand a little further from their name: blocks of YAML, phrases in quotes."""

import re2

from otel_bridge.scrub.placeholder import is_placeholder
from otel_bridge.scrub.rule import Rule

_WORD = r"(?:pass(?:word|wd|phrase|code)?|pwd)[0-9]?"
_NAME = rf"(?:{_WORD}|secret|token|api[_-]?key|(?:secret|access|private)[_-]?key|credentials?)"
_LINE_END = r"(?:\r?\n|\\r\\n|\\n)"
_MIN_WORDS = 3
"""Fewer are judged where the assignment is."""
_MIN_MIXED_BYTES = 5
_SENTENCE = re2.compile(
    rb"(?i)\b(?:must|should|cannot|can|may|is|are|was|were|be|has|have|not|please|enter|type|your|"
    rb"the|this|that|a|an|at|least|for|to|of|with|and|or|in|on|from|by|if|when|new|old|confirm|"
    rb"forgot|reset|wrong|invalid|incorrect|required|missing|expired|match|matches|characters|"
    rb"password|passwort|secret|token|username|user|login|account|field|value)\b"
)


def _is_value(secret: bytes) -> bool:
    return not is_placeholder(secret)


def _is_field(secret: bytes) -> bool:
    return not secret.startswith((b"--", b"[Filtered", b"hmac:", b"${"))


def _is_phrase(secret: bytes) -> bool:
    """Tell whether words in quotes are a password and not a sentence about one."""
    words = secret.split()
    if len(words) < _MIN_WORDS or is_placeholder(secret):
        return False
    return _SENTENCE.search(secret) is None or any(map(_is_mixed, words))


def _is_mixed(word: bytes) -> bool:
    return (
        len(word) >= _MIN_MIXED_BYTES and word.isalnum() and not (word.isalpha() or word.isdigit())
    )


RULES = (
    Rule(
        id="yaml-block",
        probes=(rf"(?i:{_NAME})[\"']?:[ \t]*[|>]",),
        # Lines that go on the block have no colon: those that have one are the next entries.
        pattern=rf"(?i:{_NAME})[\"']?:[ \t]*[|>][+-]?[0-9]?[+-]?[ \t]*(?:#[^\n]*)?\r?\n[ \t\r\n]*"
        r"(?P<s>[^\s#:-][^\s:]*(?:[ \t]+[^\s:#][^\s:]*)*(?:\r?\n[ \t]+[^\s:#-][^\n:]*)*)(?:\s|$)",
        accepts=_is_value,
    ),
    Rule(
        id="quoted-phrase",
        probes=(rf"(?i:{_WORD})\\*[\"']?\s*(?:=>|=|:)\s*\\*[\"']",),
        pattern=rf"(?i:{_WORD})\\*[\"']?\s*(?:=>|=|:)\s*\\*[\"'](?P<s>[^\"'\\\n]{{8,120}})\\*[\"']",
        accepts=_is_phrase,
    ),
    Rule(
        id="multipart-field",
        probes=(rf"name=\\*\"[^\"]*(?i:{_NAME}|pin|otp)",),
        # Headers, an empty line, and the value; also where the line ends are written out.
        pattern=rf"\bname=\\*\"[^\"]{{0,64}}(?i:{_NAME}|\bpin|\botp)[^\"]{{0,32}}\"[^\r\n\\]{{0,80}}"
        rf"{_LINE_END}(?:[A-Za-z-]{{1,32}}:[^\r\n\\]{{0,120}}{_LINE_END}){{0,3}}{_LINE_END}"
        r"(?P<s>[^\r\n\\]{1,400})",
        accepts=_is_field,
    ),
)

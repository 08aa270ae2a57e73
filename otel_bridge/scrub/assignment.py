"""Assignments in text: ``name = value`` in code, configuration, headers, URLs and commands."""

from collections.abc import Iterator

import re2

from otel_bridge.scrub.checks import entropy
from otel_bridge.scrub.keys import KeyRules
from otel_bridge.scrub.placeholder import is_placeholder
from otel_bridge.scrub.rule import Hit

NAME_PROBES = (
    r"(?i:passw|passp|pwd|secret|token[^s]|api.?key|access.?key|private.?key|auth[^o]|credential|"
    r"creds|cookie|csrf|xsrf|jwt|signature|session.?(?:key|token)|ssn|cvv|cvc|otp|_key|key[\"'=: ])",
)
MIN_WEAK_CHARS = 16
MIN_WEAK_ENTROPY = 3.0

_ASSIGNMENT = re2.compile(
    rb"([A-Za-z0-9_.\-]{0,60}(?i:pass|pwd|secret|token|key|auth|cred|cookie|csrf|xsrf|jwt|"
    rb"otp|ssn|cvv|cvc|session|signature|nonce|salt|dsn|sid)[A-Za-z0-9_.\-]{0,30})"
    rb"(?:\\?[\"'`]?\]?\s{0,4}(?::=|=>|==|=|:|%3[DdAa])\s{0,4})"
    rb"(?:\\?\"([^\"\\\n]{1,400})|'([^'\n]{1,400})'|"
    rb"([^\s\"'`,;&<>(){}\[\]\\]{1,400}))"
)
_VALUE_GROUPS = (2, 3, 4)
"""Double-quoted, single-quoted, bare."""


def looks_random(value: bytes) -> bool:
    """Tell whether a value is long, mixed and disordered enough to be a secret of a weak name."""
    return (
        len(value) >= MIN_WEAK_CHARS
        and b" " not in value
        and any(48 <= c <= 57 for c in value)
        and entropy(value) >= MIN_WEAK_ENTROPY
    )


class Assignments:
    """Finds the values that stand behind sensitive names."""

    probes = NAME_PROBES

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the value ranges, in order."""
        place = 0
        while (match := _ASSIGNMENT.search(text, place)) is not None:
            place = match.end(1)
            verdict = self._keys.decide(match[1].decode("latin-1"))
            if verdict is None:
                continue
            group = next(g for g in _VALUE_GROUPS if match.start(g) >= 0)
            value = match[group]
            if is_placeholder(value) or len(value) < 4:
                continue
            if verdict.weak and not looks_random(value):
                continue
            start, place = match.span(group)
            yield Hit(start, place, verdict.rule)

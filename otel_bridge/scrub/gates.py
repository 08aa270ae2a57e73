"""Gates for what only records have: attribute keys that say what their value is."""

from collections.abc import Iterator, Sequence

from otel_bridge.scrub.globs import to_pattern
from otel_bridge.scrub.keys import KeyRules
from otel_bridge.scrub.prefilter import (
    key_probe,
    may_hold_random,
    name_core,
    name_probes,
)
from otel_bridge.scrub.search import compile_bytes
from otel_bridge.scrub.words import HARMLESS_KEYS, PERSONAL_KEYS

ESCAPED_LETTER = r"\\u00[4-7]"
MAX_NAME_BYTES = 256
MAX_NAMES = 400
"""Names that are judged here; bytes with more are opened."""

_NAME = compile_bytes(
    f"({name_core()})".encode() + rb"(?:[\"'`\])\\]*\s*(?:[=:,>\x12\[{]|%[23]|&quot|&#3|u002|</|"
    rb"[\"']?\s*(?i:value|default))|\s)"
)
_NAME_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-"


class NameGate:
    """Opens for sensitive names, before a separator in text or as the key of an attribute."""

    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self.probes = name_probes()

    def may_find(self, raw: bytes) -> bool:
        """Tell whether a name in these bytes is sensitive.

        The first byte of a name may be the length of its text, so it is judged without it too.
        """
        for seen, name in enumerate(names_in(raw)):
            if seen >= MAX_NAMES:
                return True
            if name in HARMLESS_KEYS:
                continue
            verdict = self._keys.decide(name) or self._keys.decide(name[1:])
            if verdict is not None and (not verdict.weak or may_hold_random(raw)):
                return True
        return False


def names_in(raw: bytes) -> Iterator[str]:
    """Yield what may be a sensitive name."""
    place = 0
    while (match := _NAME.search(raw, place)) is not None:
        start, place = match.span(1)
        yield raw[name_start(raw, start) : place][-MAX_NAME_BYTES:].decode("latin-1")


def name_start(text: bytes, place: int) -> int:
    """Return where the name begins that goes on at a place."""
    before = text[max(0, place - MAX_NAME_BYTES) : place]
    return place - len(before) + len(before.rstrip(_NAME_CHARS))


class PersonalGate:
    """Opens for attribute keys whose values are personal: ``client.address``, ``user.email``."""

    also = ""

    def __init__(self) -> None:
        self.probes = (key_probe(PERSONAL_KEYS),)

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class EscapedNameGate:
    """Opens for JSON in which letters of a name may be escaped."""

    probes = (ESCAPED_LETTER,)
    also = ""

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class DeniedGate:
    """Opens for whatever may be meant by the globs of keys and paths that a user denied."""

    also = ""

    def __init__(self, key_globs: Sequence[str], path_globs: Sequence[str]) -> None:
        self.probes = tuple(f"(?is:{to_pattern(glob)})" for glob in key_globs) + (
            ("",) if path_globs else ()
        )

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

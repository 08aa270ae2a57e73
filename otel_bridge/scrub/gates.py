"""Gates for what only records have: attribute keys that say what their value is."""

from collections.abc import Iterator, Sequence

import re2

from otel_bridge.scrub.globs import to_pattern
from otel_bridge.scrub.keys import KeyRules
from otel_bridge.scrub.prefilter import may_hold_random, name_probes, personal_key_probe

MAX_NAME_BYTES = 256

_NAME = re2.compile(
    rb"([A-Za-z0-9_.$\-]*(?i:pass|pwd|secret|token|key|auth|cred|cookie|csrf|xsrf|jwt|otp|ssn|cvv|"
    rb"cvc|session|sessid|signature|nonce|salt|dsn|sig|bearer|crumb|mnemonic|seed|phrase|webhook|pat|"
    rb"psk|psw|pswd|licen[sc]e|pw|code|number|security|string|factor|client[_.$\-]*id)[A-Za-z0-9_.\-]*)"
    rb"(?:[\"'`\])\\]*\s*(?:[=:,>\x12\[{]|%3|</|[\"']?\s*(?i:value|default))|\s)"
)


class NameGate:
    """Opens for sensitive names: in front of a separator in text, or as the key of an attribute."""

    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self.probes = name_probes()

    def may_find(self, raw: bytes) -> bool:
        """Tell whether a name in these bytes is sensitive.

        The first byte of a name may be the length of its text, so it is judged without it too.
        """
        for name in names_in(raw):
            verdict = self._keys.decide(name) or self._keys.decide(name[1:])
            if verdict is not None and (not verdict.weak or may_hold_random(raw)):
                return True
        return False


def names_in(raw: bytes) -> Iterator[str]:
    """Yield what may be a sensitive name."""
    place = 0
    while (match := _NAME.search(raw, place)) is not None:
        place = match.end(1)
        yield match[1][-MAX_NAME_BYTES:].decode("latin-1")


class PersonalGate:
    """Opens for attribute keys whose values are personal: ``client.address``, ``user.email``."""

    also = ""

    def __init__(self) -> None:
        self.probes = (personal_key_probe(),)

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class DeniedGate:
    """Opens for whatever may be meant by the globs of keys and paths that a user denied."""

    also = ""

    def __init__(self, key_globs: Sequence[str], path_globs: Sequence[str]) -> None:
        self.probes = tuple(f"(?is:{to_pattern(glob)})" for glob in key_globs) + (("",) if path_globs else ())

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

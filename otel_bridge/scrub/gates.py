"""Gates for what only records have: attribute keys that say what their value is."""

from collections.abc import Sequence

from otel_bridge.scrub.globs import to_pattern
from otel_bridge.scrub.prefilter import personal_key_probe
from otel_bridge.scrub.search import compile_bytes

ESCAPED_LETTER = r"\\u00[4-7]"

class PersonalGate:
    """Opens for attribute keys whose values are personal: ``client.address``, ``user.email``."""

    also = ""
    is_quick = False

    def __init__(self) -> None:
        self.probes = (personal_key_probe(),)
        self._pattern = compile_bytes(self.probes[0])

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

    def count(self, raw: bytes) -> int:
        """Return how many keys there are, at any depth."""
        return sum(1 for _ in self._pattern.finditer(raw))


class ValueFirstGate:
    """Opens for records in which an attribute may have its value before its key.

    Protobuf allows any order, nobody writes this one, and all other gates look for what follows a
    key. The tags are those of attributes in spans, events, links, logs and lists of pairs.
    """

    probes = (r"[\x0a\x1a\x22\x32\x4a](?:[\x00-\x7f]|[\x80-\xff]{1,2}[\x00-\x7f])\x12",)
    also = ""
    is_quick = True

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class EscapedNameGate:
    """Opens for JSON in which letters of a name may be escaped."""

    probes = (ESCAPED_LETTER,)
    also = ""
    is_quick = True

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class DeniedGate:
    """Opens for whatever may be meant by the globs of keys and paths that a user denied."""

    also = ""
    is_quick = False

    def __init__(self, key_globs: Sequence[str], path_globs: Sequence[str]) -> None:
        self.probes = tuple(f"(?is:{to_pattern(glob)})" for glob in key_globs) + (
            ("",) if path_globs else ()
        )

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

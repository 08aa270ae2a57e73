"""Gates for what only records have: attribute keys that say what their value is."""

from collections.abc import Sequence

from otel_bridge.scrub.globs import to_pattern
from otel_bridge.scrub.prefilter import key_probe
from otel_bridge.scrub.words import PERSONAL_KEYS

ESCAPED_LETTER = r"\\u00[4-7]"


class PersonalGate:
    """Opens for attribute keys whose values are personal: ``client.address``, ``user.email``."""

    also = ""

    def __init__(self) -> None:
        self.probes = (key_probe(PERSONAL_KEYS),)

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class ValueFirstGate:
    """Opens for records in which an attribute may have its value before its key.

    Protobuf allows any order, nobody writes this one, and all other gates look for what follows a
    key. The tags are those of attributes in spans, events, links, logs and lists of pairs.
    """

    probes = (r"[\x0a\x1a\x22\x32\x4a](?:[\x00-\x7f]|[\x80-\xff]{1,2}[\x00-\x7f])\x12",)
    also = ""

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class PairGate:
    """Opens for records in which a name is a value itself, next to the one that it names.

    ``[{"name": ..., "value": ...}]``, and a list in a list: ``[["authorization", ...]]``.
    """

    probes = (
        r"\x0a[\x03\x04](?:[nN]ame|[kK]ey)\x12",
        r"\x0a[\x00-\xff]{1,3}\x2a[\x00-\xff]{1,3}\x0a",
    )
    also = ""

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class CommandGate:
    """Opens for the arguments of a command: no fragment of a rule stands in one of them alone."""

    probes = (r"(?i:command_args|argv|cmdline)\x12",)
    also = ""

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

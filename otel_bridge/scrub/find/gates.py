"""Gates for what only records have: attribute keys that say what their value is."""

from collections.abc import Sequence

from google.protobuf.message import DecodeError

from otel_bridge.scrub.find.prefilter import key_probe
from otel_bridge.scrub.globs import to_pattern
from otel_bridge.scrub.names.words import PERSONAL_KEYS
from otel_bridge.wire.messages import KeyValue

_MAX_TRIED = 1_000
"""Places at which an attribute is tried; records with more are opened."""
_VALUE, _ATTRIBUTE_TAGS = b"\x12", frozenset(b"\x0a\x1a\x22\x32\x4a")
_MORE_FOLLOWS = 0x80
"""A length goes on while its bytes are as large as this."""
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
    key. The tags are those of attributes in spans, events, links and lists of pairs, and in log
    records; some of them are letters too, so that ``HTTP.J1`` is a key that looks like it.
    """

    # The tag of a log record's attributes is the digit 2, which ends too many names to be looked
    # for: what is written so is found in its usual form (``FirstPass``).
    probes = (r"[\x0a\x1a\x22\x4a](?:[\x00-\x7f]|[\x80-\xff]{1,2}[\x00-\x7f])\x12",)
    also = ""

    def may_find(self, raw: bytes) -> bool:
        """Tell whether what looks like such an attribute can be read as one."""
        start = raw.find(_VALUE, 2)
        for _ in range(_MAX_TRIED):
            if start < 0:
                return False
            before = raw[start - 2]
            if (before in _ATTRIBUTE_TAGS or before >= _MORE_FOLLOWS) and _is_attribute(
                raw, start
            ):
                return True
            start = raw.find(_VALUE, start + 1)
        return True


def _is_attribute(raw: bytes, start: int) -> bool:
    """Tell whether an attribute with a key begins at a place, its value first."""
    for length in (start - 1, start - 2, start - 3):
        # The last byte of a length is small, all before it are not.
        if length < 1 or (raw[length] < _MORE_FOLLOWS) is (length < start - 1):
            return False
        if raw[length - 1] in _ATTRIBUTE_TAGS and _has_key(raw, length, start):
            return True
    return False


def _has_key(raw: bytes, length: int, start: int) -> bool:
    """Tell whether an attribute with a key starts at a place, behind its length."""
    size = sum((byte & 0x7F) << 7 * n for n, byte in enumerate(raw[length:start]))
    end = start + size
    if not start + 1 < end <= len(raw) or (
        raw[start + 1] < _MORE_FOLLOWS and start + 2 + raw[start + 1] >= end
    ):
        return False
    try:
        return bool(KeyValue.FromString(raw[start:end]).key)
    except DecodeError:
        return False


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

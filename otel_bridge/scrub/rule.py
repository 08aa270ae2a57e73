"""What a rule is: data that says what a secret looks like, and how the pieces are written down."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TOO_MUCH = "too-much"
BEYOND_THE_CAP = "too-long"
BEYOND_THE_DEPTH = "too-deep"
"""The rules of what was replaced unread, because to read it would have cost too much."""

SQL_LITERALS = "sql-literals"
UNKNOWN_FIELD = "unknown-field"
"""The rule of protobuf fields that nobody here can read."""


class Kind(StrEnum):
    """What is lost when it leaks."""

    CREDENTIAL = "credential"
    PERSONAL = "personal"


class Hit(NamedTuple):
    """A secret in a text: its half-open range in bytes."""

    start: int
    end: int
    rule: str
    quote: bool = False
    """Whether the replacement needs quotes: a number in JSON does."""


class Finding(NamedTuple):
    """A redaction, without the value: which rule, at which path, over which range of the input."""

    rule: str
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing to look for in text.

    Patterns are RE2 over UTF-8 bytes. What is replaced is the group ``s`` (secret) where there is
    one, else the whole match.
    """

    id: str
    pattern: str
    probes: tuple[str, ...]
    """Fragments without boundaries. What the pattern matches always holds a match of one."""
    also: str = ""
    """A further fragment that what the pattern matches, or its surroundings, must hold."""
    kind: Kind = Kind.CREDENTIAL
    accepts: Callable[[bytes], bool] | None = None
    """Asked with the secret part; False means look-alike."""
    preset: str = "default"
    """``default``; ``strict``: only with that preset; ``extra``: only when asked for by name."""
    not_after: str = ""
    """A pattern that must not end where the secret begins."""
    priority: int = 2
    """Where two rules see the same text, the name of the higher one stands."""

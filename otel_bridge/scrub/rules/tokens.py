"""How the rows of the vendor tables are written.

A row is a rule id and a pattern. In it stand ``%A`` for a letter or digit, ``%U`` for base64url,
``%B`` for base64, ``%H`` for hex, ``%X`` for hex of either case, ``%L`` for lower-case letters and
digits, ``%C`` for capitals and digits, ``%D`` for a digit and ``%G`` for a UUID.
"""

import re2

from otel_bridge.scrub.find.placeholder import is_sample
from otel_bridge.scrub.rule import Rule

CLASSES = {
    "%A": "[A-Za-z0-9]",
    "%U": "[A-Za-z0-9_-]",
    "%B": "[A-Za-z0-9+/]",
    "%H": "[0-9a-f]",
    "%X": "[0-9A-Fa-f]",
    "%L": "[a-z0-9]",
    "%C": "[A-Z0-9]",
    "%D": "[0-9]",
    "%G": "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
}
ESCAPED = (
    r"%[0-9A-Fa-f]{2}|\\[nrtbf]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|"
    # What colours a line of a log.
    r"(?:\x1b|\\u001[bB]|\\x1[bB]|\\033)\[[0-9;]*m"
)
START = rf"(?:^|[^A-Za-z0-9]|{ESCAPED})"
"""Where a token may begin: after no letter or digit, but after an escaped character."""
STRICT_START = rf"(?:^|[^A-Za-z0-9_-]|{ESCAPED})"
"""For short markers: ``task_...`` must not look like ``sk_...``."""
_PROBED_BODY_CHARS = 6
_PROBED_BODY_CHARS_SHORT = 16
"""How much of the body a probe looks at: enough that a marker in prose is no hit."""
_MAX_RUN = 12
"""A generator writes so many equal characters in a row once in 10**15 tokens or more."""
_ZERO_BYTES = frozenset(b"A")
"""Base64 of zero bytes: some formats have such a head."""
_FIRST_BODY = re2.compile(r"^((?:[^%\[\\(]|\\.|\[[^\]]*\]|\([^)]*\))*?)(%[A-Z])\{([0-9]+)")


def expand(pattern: str) -> str:
    """Write the classes of a pattern out."""
    for name, written in CLASSES.items():
        pattern = pattern.replace(name, written)
    return pattern


def token(
    rule: str,
    pattern: str,
    *,
    probe: str = "",
    also: str = "",
    short: bool = False,
    ends: bool = False,
) -> Rule:
    """Make the rule of a token.

    Args:
        rule: The id of the rule.
        pattern: What the token looks like, in the notation of this module.
        probe: What every token holds, where that is not the beginning of the pattern.
        also: What the surroundings of a token hold besides.
        short: The marker is so short that ``_`` and ``-`` before it speak against it.
        ends: What follows must not be a letter or digit.
    """
    start = STRICT_START if short else START
    end = "(?:[^A-Za-z0-9]|$)" if ends else ""
    return Rule(
        id=rule,
        pattern=f"{start}(?P<s>{expand(pattern)}){end}",
        probes=(expand(probe or probe_of(pattern, short=short)),),
        also=also,
        accepts=is_no_sample,
    )


def probe_of(pattern: str, *, short: bool = False) -> str:
    """Return the marker that a pattern begins with, and the first characters of the body."""
    if "%G" in pattern:
        return pattern[: pattern.index("%G")] + "%X{8}-"
    found = _FIRST_BODY.match(pattern)
    if found is None:
        return pattern
    marker, body, least = found.groups()
    most = _PROBED_BODY_CHARS_SHORT if short else _PROBED_BODY_CHARS
    return f"{marker}{body}{{{min(int(least), most)}}}"


def is_no_sample(secret: bytes) -> bool:
    """Tell whether a token is not one that documentation shows: ``key-00000000000000000000``."""
    if is_sample(secret):
        return False
    return not any(bytes((char,)) * _MAX_RUN in secret for char in set(secret) - _ZERO_BYTES)

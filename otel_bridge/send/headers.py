"""Headers as text and as pairs, and which can be sent. Pure."""

import string
from collections.abc import Iterable
from urllib.parse import unquote

_NAME = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")
"""RFC 9110, "token"."""
_VALUE = frozenset(map(chr, range(0x20, 0x7F))) | {"\t"}
"""What both HTTP and gRPC take."""
_OURS = frozenset(
    {"connection", "content-encoding", "content-length", "content-type", "host"}
    | {"transfer-encoding"}
)


def parse_headers(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of ``name=value,name=value`` with percent-encoding.

    Raises:
        ValueError: An entry is no pair. The message does not show it.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(name.strip() and equals for name, equals, _ in pairs):
        raise ValueError("wanted name=value,name=value")
    return tuple((unquote(name.strip()), unquote(value.strip())) for name, _, value in pairs)


def header_problems(headers: Iterable[tuple[str, str]], where: str) -> list[str]:
    """Say which headers cannot be sent, each by its place; never a value.

    Args:
        headers: Names and values.
        where: What sets them, for messages.
    """
    problems = []
    for number, (name, value) in enumerate(headers, 1):
        if not name or not _NAME.issuperset(name):
            problems.append(f"{where}: entry {number}: wanted letters, digits and - in the name")
        elif name.lower() in _OURS:
            problems.append(f"{where}: {name} is set by otel_bridge itself")
        elif not _VALUE.issuperset(value):
            problems.append(
                f"{where}: the value of {name} has a line break or another character that is "
                "not printable ASCII"
            )
    return problems

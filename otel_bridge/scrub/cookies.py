"""Cookie headers, each cookie on its own: the name stays, the value goes."""

from otel_bridge.scrub.search import compile_bytes

ATTRIBUTES = frozenset(
    ["path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment"]
)
"""What follows the value in ``Set-Cookie`` and says nothing about the user (RFC 6265)."""
MAX_COOKIES = 300
"""Browsers send about 180 to a host; what comes behind these is taken for one value."""
_PAIR = compile_bytes(rb"\s*([^=;,\s\"']{1,256})\s*=\s*(\"[^\"]*\"|[^;\"'\r\n]*)")
_EMPTY = compile_bytes(
    r"(?:[^=;,\s\"']{1,256}=\s*(?:;\s*|$))"
    rf"(?:[^=;,\s\"']{{1,256}}=\s*(?:;\s*|$)|"
    rf"(?i:{'|'.join(sorted(ATTRIBUTES))}|secure|httponly|partitioned)(?:=[^;]*)?(?:;\s*|$))*"
)


def is_empty(header: bytes) -> bool:
    """Tell whether no cookie of a header has a value, as where they were dropped before."""
    return _EMPTY.fullmatch(header) is not None


def values_of(
    header: bytes, start: int = 0, end: int | None = None
) -> list[tuple[bytes, int, int]]:
    """Return the name of each cookie with the range of its value."""
    found: list[tuple[bytes, int, int]] = []
    place = start
    stop = len(header) if end is None else end
    seen = 0
    while (match := _PAIR.match(header, place, stop)) is not None:
        seen += 1
        if seen > MAX_COOKIES:
            found.append((b"", place, stop))
            break
        name = match[1]
        value_start, value_end = match.span(2)
        value_end -= len(match[2]) - len(match[2].rstrip())
        if name.lower().decode("latin-1") not in ATTRIBUTES and value_end > value_start:
            found.append((name, value_start, value_end))
        place = match.end()
        while place < stop and header[place : place + 1] in (b";", b" ", b","):
            place += 1
    return found

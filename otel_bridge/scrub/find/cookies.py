"""Cookie headers, each cookie on its own: the name stays, the value goes."""

from otel_bridge.scrub.search import compile_bytes

ATTRIBUTES = frozenset(
    ["path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment"]
)
"""What follows the value in ``Set-Cookie`` and says nothing about the user (RFC 6265)."""
MAX_COOKIES = 300
"""Browsers send about 180 to a host; what comes behind these is taken for one value."""
_PAIR = compile_bytes(rb"([^=;,\s\"']{1,256})\s*=\s*((?:\"[^\"]*\")?[^;\r\n]*)")
_ATTRIBUTE = compile_bytes(rb"[^=]*=\s*(?:[A-Z][a-z]{2,8},)?[^;,\r\n]*")
"""Up to a comma, behind which another ``Set-Cookie`` may go on; the one in a date is its own."""
_FLAG = compile_bytes(rb"(?i:secure|httponly|partitioned)[ \t]*(?:[;,\r\n]|$)")
_REST = compile_bytes(rb"[^;\r\n]*")
_BETWEEN = b"; ,\t\r\n"


def is_empty(header: bytes) -> bool:
    """Tell of a header in which no value is found whether it has cookies all the same."""
    first = _PAIR.match(header)
    return first is not None and not _is_attribute(first[1])


def values_of(
    header: bytes, start: int = 0, end: int | None = None
) -> list[tuple[bytes, int, int]]:
    """Return the name of each cookie with the range of its value.

    What cannot be read behind the first cookie is a value without a name.
    """
    found: list[tuple[bytes, int, int]] = []
    stop = len(header) if end is None else end
    place = _next(header, start, stop)
    seen = 0
    while place < stop:
        match = _PAIR.match(header, place, stop)
        if match is None and not seen:
            break
        seen += 1
        if seen > MAX_COOKIES:
            found.append((b"", place, stop))
            break
        name, at, after = (
            _read(header, place, stop) if match is None else (match[1], *match.span(2))
        )
        if _is_attribute(name):
            at = after = _ATTRIBUTE.match(header, place, stop).end()
        value_end = at + len(header[at:after].rstrip())
        if value_end > at:
            found.append((name, at, value_end))
        place = _next(header, after, stop)
    return found


def _read(header: bytes, place: int, stop: int) -> tuple[bytes, int, int]:
    """Read what has no name: an attribute without a value, or a value."""
    flag = _FLAG.match(header, place, stop)
    if flag is not None:
        return b"", flag.end(), flag.end()
    return b"", place, _REST.match(header, place, stop).end()


def _is_attribute(name: bytes) -> bool:
    return name.lower().decode("latin-1") in ATTRIBUTES


def _next(header: bytes, place: int, stop: int) -> int:
    while place < stop and header[place] in _BETWEEN:
        place += 1
    return place

"""The W3C ``tracestate`` header as one text: find the ``ot`` entry, put another in its place."""

from otel_bridge.sample.probability import NOTHING, OtState, format_ot, parse_ot

MAX_MEMBERS = 32
"""W3C Trace Context, section 3.3.1.1: "There can be a maximum of 32 list-members in a list"."""


def ot_of(header: str) -> OtState:
    """Return what the ``ot`` entry of a tracestate says."""
    for member in header.split(","):
        key, equals, value = member.strip(" \t").partition("=")
        if equals and key == "ot":
            return parse_ot(value)
    return NOTHING


def with_ot(header: str, state: OtState) -> str:
    """Return a tracestate with this ``ot`` entry, first, and everybody else's as they came.

    "Modified keys SHOULD be moved to the beginning (left) of the list." Where 32 others leave no
    room for a new entry, theirs stay and ours is left out.
    """
    members = [text for part in header.split(",") if (text := part.strip(" \t"))]
    others = [text for text in members if text.partition("=")[0] != "ot"]
    value = format_ot(state)
    if value and len(others) < MAX_MEMBERS:
        others.insert(0, f"ot={value}")
    return ",".join(others)

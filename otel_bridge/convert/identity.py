"""The id of an error event, made of what every record of the failure repeats.

A door makes the same id from the span at hand as the convert stage makes later from its bytes.
"""

from hashlib import blake2b

_DIGITS = frozenset("0123456789abcdef")
_LENGTH = 32


def derived_id(
    trace_id: bytes, span_id: bytes, short_type: str, message: str, more: str = ""
) -> str:
    """Return an event id: the same whenever the same telemetry comes again.

    Args:
        trace_id: The trace of the first record; empty for none.
        span_id: Its span.
        short_type: The last component of its exception's type.
        message: Its exception's message, scrubbed.
        more: What else tells it apart: the innermost frame, and where there is no trace, time and
            stack.
    """
    parts = [trace_id, span_id]
    parts += (text.encode("utf-8", "replace") for text in (short_type, message, more))
    told = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return blake2b(told, digest_size=_LENGTH // 2, person=b"otel_bridge").hexdigest()


def is_event_id(text: str) -> bool:
    """Whether a text has the form of an event id: 32 lower-case hexadecimal digits."""
    return len(text) == _LENGTH and _DIGITS.issuperset(text)

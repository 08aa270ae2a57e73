"""The first bytes of the spans that we encode: ids, kind, times and flags, and no text at all.

Protobuf lets a writer choose the order of fields. Ours puts what is binary in front, so that
whoever searches a span for text need not search the part that is random in every span.
"""

from struct import Struct, error

from otel_bridge.wire.groups import SpanRecord

IDS = 28
"""Bytes that the trace id and the span id take, with their tags."""

_pack_root = Struct("<2s16s2s8sBBBQBQ2sI").pack
_pack_child = Struct("<2s16s2s8s2s8sBBBQBQ2sI").pack


def span_head(
    trace_id: bytes,
    span_id: bytes,
    parent_id: bytes,
    numbers: tuple[int, int, int, int],
) -> bytes:
    """Return the fields 1, 2, 4, 6, 7, 8 and 16 of a ``Span``.

    Args:
        trace_id: 16 bytes.
        span_id: 8 bytes.
        parent_id: 8 bytes, or none for a span without a parent.
        numbers: Kind (below 128), start and end in nanoseconds, flags.
    """
    kind, start_ns, end_ns, flags = numbers
    if parent_id:
        return _pack_child(
            b"\x0a\x10", trace_id, b"\x12\x08", span_id, b"\x22\x08", parent_id,
            0x30, kind, 0x39, start_ns, 0x41, end_ns, b"\x85\x01", flags,
        )  # fmt: skip
    return _pack_root(
        b"\x0a\x10", trace_id, b"\x12\x08", span_id,
        0x30, kind, 0x39, start_ns, 0x41, end_ns, b"\x85\x01", flags,
    )  # fmt: skip


def head_size(record: SpanRecord) -> int:
    """Return how many bytes at the beginning of a span hold no text.

    The head is written again and compared, so what it covers is proven to be what the record
    says it is. Of a span that another encoder wrote, or that has a trace state, these are the ids
    at most.
    """
    trace_id, span_id, parent_id, flags, kind, _, start_ns, end_ns, raw = record
    if len(trace_id) != 16 or len(span_id) != 8 or not 0 <= kind < 128:
        return 0
    try:
        head = span_head(trace_id, span_id, parent_id, (kind, start_ns, end_ns, flags))
    except error:
        return 0
    if raw.startswith(head):
        return len(head)
    return IDS if raw.startswith(head[:IDS]) else 0

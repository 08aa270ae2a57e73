import pytest

from otel_bridge.send.spool.records import (
    DONE,
    SEGMENT_MARK,
    STATE_OFFSET,
    Damage,
    Entry,
    decode_body,
    encode_record,
    read_segment,
)
from otel_bridge.stats import Kind

KEY = "a" * 32


def record(body=b"body", kind=Kind.ERROR, items=1, key=KEY):
    return encode_record(kind, items, 1_700_000_000.5, key, body)


def segment(*records):
    return SEGMENT_MARK + b"".join(records)


@pytest.mark.parametrize("body", [b"", b"x", b"x" * 511, b"x" * 512, bytes(range(256)) * 100])
def test_a_body_comes_back_as_it_was(body):
    assert decode_body(record(body)) == body


def test_a_long_body_is_stored_compressed():
    assert len(record(b"x" * 10_000)) < 200


def test_what_a_record_says_of_itself_comes_back():
    (entry,) = read_segment(segment(record(kind=Kind.LOG, items=7)))

    assert entry == Entry(
        offset=len(SEGMENT_MARK),
        size=len(record()),
        is_waiting=True,
        kind=Kind.LOG,
        items=7,
        accepted_at=1_700_000_000.5,
        key=KEY,
    )


def test_a_record_that_is_done_says_so_and_is_not_damaged():
    content = bytearray(segment(record(), record()))
    content[len(SEGMENT_MARK) + STATE_OFFSET] = DONE

    assert [entry.is_waiting for entry in read_segment(bytes(content))] == [False, True]


def test_a_torn_tail_is_damage_and_all_before_it_is_whole():
    whole = segment(record(), record())
    for cut in range(len(segment(record())) + 1, len(whole)):
        first, tail = read_segment(whole[:cut])

        assert isinstance(first, Entry)
        assert tail == Damage(len(segment(record())), cut - len(segment(record())))


def test_after_a_damaged_record_reading_goes_on():
    content = bytearray(segment(record(), record(), record()))
    content[len(segment(record())) + 60] ^= 1

    first, damage, last = read_segment(bytes(content))

    assert isinstance(first, Entry)
    assert damage == Damage(len(segment(record())), len(record()))
    assert isinstance(last, Entry)


@pytest.mark.parametrize("content", [b"", SEGMENT_MARK])
def test_an_empty_segment_holds_nothing(content):
    assert list(read_segment(content)) == []


@pytest.mark.parametrize("content", [b"garbage", SEGMENT_MARK + b"\0" * 100, b"\xf5OBR" * 50])
def test_a_file_of_garbage_is_one_damage(content):
    (damage,) = read_segment(content)

    assert isinstance(damage, Damage)


def test_a_record_longer_than_any_may_be_is_refused():
    class Endless(bytes):
        def __len__(self):
            return 2**40

    with pytest.raises(ValueError, match="wanted at most"):
        record(Endless())

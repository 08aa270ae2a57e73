import pytest

from otel_bridge.wire.varint import (
    Frames,
    delimited,
    framed_size,
    signed_varint,
    varint,
    varint_size,
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, b"\x00"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (300, b"\xac\x02"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
        (2**64 - 1, b"\xff" * 9 + b"\x01"),
    ],
)
def test_a_number_is_written_seven_bits_a_byte_and_its_size_is_known(number, expected):
    assert varint(number) == expected
    assert varint_size(number) == len(expected)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (5, b"\x05"),
        (-1, b"\xff" * 9 + b"\x01"),
        (-(2**63), b"\x80" * 9 + b"\x01"),
        (2**63 - 1, b"\xff" * 8 + b"\x7f"),
    ],
)
def test_a_negative_number_is_written_as_its_two_s_complement(number, expected):
    assert signed_varint(number) == expected


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_a_number_beyond_64_bits_is_refused(number):
    with pytest.raises(OverflowError):
        signed_varint(number)


def test_a_delimited_field_has_tag_length_and_payload():
    assert delimited(b"\x0a", b"abc") == b"\x0a\x03abc"


@pytest.mark.parametrize("size", [0, 127, 128, 5000, 20_000])
def test_a_frame_is_what_goes_before_a_payload_of_that_size(size):
    payload = bytes(size)

    assert Frames(b"\x12")[size] + payload == delimited(b"\x12", payload)
    assert framed_size(payload) == len(delimited(b"\x12", payload))


def test_only_frames_of_shorter_payloads_are_remembered():
    frames = Frames(b"\x12")

    assert [frames[size] for size in (10, 4095, 4096, 10**6)]
    assert sorted(frames) == [10, 4095]

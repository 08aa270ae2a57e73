import pytest

from otel_bridge.wire.groups import Signal, SpanRecord


@pytest.mark.parametrize(
    ("parent", "flags", "expected"),
    [
        (b"", 0x100, True),
        (b"\x01" * 8, 0x100, False),
        (b"\x01" * 8, 0x300, True),
        (b"\x01" * 8, 0x200, False),
        (b"\x01" * 8, 1, False),
    ],
    ids=["no parent", "local parent", "remote parent", "remote unproven", "flags of an old SDK"],
)
def test_a_local_root_has_no_parent_in_its_own_process(parent, flags, expected):
    record = SpanRecord(b"\x01" * 16, b"\x02" * 8, parent, flags, 2, 0, 1, 2, b"")

    assert record.is_local_root is expected


def test_a_signal_is_named_like_its_path():
    assert [signal.value for signal in Signal] == ["traces", "logs"]

import os
import stat

import pytest

from otel_bridge.send.spool.records import encode_record, read_segment
from otel_bridge.send.spool.segment import Segment
from otel_bridge.stats import Kind


def record(text):
    return encode_record(Kind.ERROR, 1, 0.0, "", text.encode())


def waiting(segment):
    return [entry.offset for entry in read_segment(segment.read()) if entry.is_waiting]


@pytest.fixture
def segment(tmp_path):
    made = Segment.create(tmp_path / "one.seg")
    yield made
    made.close()


def test_what_is_appended_is_loaded_again(segment):
    first, second = segment.append([record("first"), record("second")])

    assert segment.load(first, len(record("first"))) == b"first"
    assert segment.load(second, len(record("second"))) == b"second"


def test_only_its_user_may_read_a_segment(segment):
    assert stat.S_IMODE(segment.path.stat().st_mode) == 0o600


def test_what_is_forgotten_does_not_wait_any_more(segment):
    first, second = segment.append([record("first"), record("second")])

    segment.forget(first)

    assert waiting(segment) == [second]


def test_a_file_without_anything_that_waits_begins_anew(segment):
    empty = segment.path.stat().st_size
    (only,) = segment.append([record("only")])

    segment.forget(only)
    (next_one,) = segment.append([record("next")])

    assert next_one == only == empty
    assert segment.load(next_one, len(record("next"))) == b"next"


def test_a_sealed_segment_goes_with_its_last_record(segment):
    (only,) = segment.append([record("only")])
    segment.seal()
    assert segment.path.exists()

    segment.forget(only)

    assert not segment.path.exists()
    assert not segment.is_open


def test_a_segment_without_records_goes_when_it_is_closed(segment):
    segment.close()

    assert not segment.path.exists()


def test_a_segment_with_records_stays_when_it_is_closed(segment):
    segment.append([record("only")])

    segment.close()
    segment.close()

    assert segment.path.exists()


def test_a_segment_that_is_open_is_not_adopted_and_a_closed_one_is(segment):
    segment.append([record("only")])

    assert Segment.adopt(segment.path) is None
    segment.close()
    adopted = Segment.adopt(segment.path)

    assert len(waiting(adopted)) == 1
    adopted.remove()


def test_a_link_is_not_adopted(tmp_path):
    (tmp_path / "target").write_bytes(b"secret")
    (tmp_path / "link.seg").symlink_to(tmp_path / "target")

    with pytest.raises(OSError, match="link"):
        Segment.adopt(tmp_path / "link.seg")


def test_a_full_device_takes_all_of_what_is_appended_or_nothing(tmp_path):
    full = Segment(tmp_path / "full.seg", os.open("/dev/full", os.O_RDWR), 8)

    with pytest.raises(OSError, match="No space left"):
        full.append([record("first")])

    assert full.end == 8
    full.leave_to_parent()


def test_after_it_is_closed_nothing_can_be_loaded_and_forgetting_is_harmless(segment):
    first, _ = segment.append([record("first"), record("second")])

    segment.close()

    assert segment.load(first, len(record("first"))) is None
    segment.forget(first)
    segment.sync()


def test_a_child_that_closes_its_copy_leaves_the_file_to_the_parent(segment):
    segment.append([record("only")])
    copy = Segment(segment.path, os.dup(segment._file), segment.end)

    copy.leave_to_parent()

    assert segment.path.exists()
    assert Segment.adopt(segment.path) is None

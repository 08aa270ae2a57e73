import stat

import pytest

from otel_bridge.send.parcel import Parcel
from otel_bridge.send.spool.store import Spool, folder_for
from otel_bridge.stats import Kind
from otel_bridge.testing import FakeClock


def parcel(text, size=0):
    body = text.encode() + bytes(i % 251 for i in range(size))
    return Parcel(kind=Kind.ERROR, items=1, body=body, key=text, accepted_at=5.0)


def spool(folder, max_bytes=10**6, segment_bytes=10**5):
    return Spool(folder, max_bytes, segment_bytes, FakeClock())


def keys(recovered):
    return [each.key for each in recovered.parcels]


def test_what_a_process_left_is_found_by_the_next_one(tmp_path):
    first = spool(tmp_path / "spool")
    first.append([parcel("a"), parcel("b")])
    first.close()

    found = spool(tmp_path / "spool").recover()

    assert keys(found) == ["a", "b"]
    assert [each.load() for each in found.parcels] == [b"a", b"b"]
    assert found.parcels[0].accepted_at == 5.0


def test_what_a_living_process_holds_is_left_alone(tmp_path):
    first = spool(tmp_path)
    first.append([parcel("a")])

    assert spool(tmp_path).recover().parcels == []
    assert first.recover().parcels == []


def test_what_is_forgotten_is_not_found_again(tmp_path):
    first = spool(tmp_path)
    kept, gone = parcel("kept"), parcel("gone")
    first.append([kept, gone])
    gone.slot.forget()
    first.close()

    assert keys(spool(tmp_path).recover()) == ["kept"]


def test_a_spool_without_anything_that_waits_leaves_no_file(tmp_path):
    first = spool(tmp_path)
    only = parcel("only")
    first.append([only])
    only.slot.forget()

    first.close()

    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_private(tmp_path):
    spool(tmp_path / "a" / "b").append([parcel("a")])

    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert spool(tmp_path / "none").recover().parcels == []


def test_a_damaged_file_gives_what_is_whole_and_is_counted(tmp_path):
    first = spool(tmp_path)
    first.append([parcel("a"), parcel("b"), parcel("c")])
    first.close()
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    found = spool(tmp_path).recover()

    assert keys(found) == ["a", "c"]
    assert found.damaged == 1


def test_a_file_of_garbage_is_counted_once_and_goes(tmp_path):
    (tmp_path / "0.seg").write_bytes(b"garbage")
    next_one = spool(tmp_path)

    assert next_one.recover().damaged == 1
    assert next_one.recover().damaged == 0
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_are_left_alone(tmp_path):
    (tmp_path / "README").write_text("not a segment")

    assert spool(tmp_path).recover() == ([], 0)
    assert (tmp_path / "README").exists()


def test_the_oldest_segment_is_adopted_first(tmp_path):
    for name in "ab":
        clock = FakeClock(now=100.0 if name == "a" else 50.0)
        each = Spool(tmp_path, 10**6, 10**5, clock)
        each.append([parcel(name)])
        each.close()
    next_one = spool(tmp_path)

    assert keys(next_one.recover()) == ["b"]
    assert keys(next_one.recover()) == ["a"]
    assert keys(next_one.recover()) == []


def test_a_full_segment_is_followed_by_another(tmp_path):
    first = spool(tmp_path, segment_bytes=1)

    first.append([parcel("a")])
    first.append([parcel("b")])

    assert len(list(tmp_path.iterdir())) == 2


def test_a_spool_knows_when_its_limit_is_exceeded(tmp_path):
    first = spool(tmp_path, max_bytes=1_000, segment_bytes=10)
    incompressible = parcel("a", size=400)

    assert not first.exceeds([incompressible])
    first.append([incompressible])
    first.append([parcel("b", size=400)])

    assert first.exceeds([parcel("c", size=400)])
    first.oldest().remove()
    assert not first.exceeds([parcel("c", size=400)])


def test_what_waits_for_long_is_compressed(tmp_path):
    def held():
        return sum(file.stat().st_size for file in tmp_path.iterdir())

    some = spool(tmp_path, max_bytes=100_000, segment_bytes=10**6)
    some.append([parcel("first", size=10_000)])
    assert held() > 10_000
    some.append([parcel("second", size=10_000)])
    some.append([parcel("third", size=10_000), parcel("fourth", size=90_000)])

    assert held() < 25_000
    some.close()
    heir = spool(tmp_path)
    found = heir.recover().parcels + heir.recover().parcels
    sizes = {each.key: len(each.load() or b"") for each in found}
    assert sizes == {"first": 10_005, "second": 10_006, "third": 10_005, "fourth": 90_006}


def test_room_that_other_processes_have_cannot_be_made(tmp_path):
    other = spool(tmp_path)
    other.append([parcel("a", size=900)])
    mine = spool(tmp_path, max_bytes=1_000)
    mine.recover()

    with pytest.raises(OSError, match="other processes"):
        mine.exceeds([parcel("b", size=900)])


def test_after_a_fork_the_child_begins_with_nothing_and_the_parent_keeps_its_lock(tmp_path):
    parent = spool(tmp_path)
    only = parcel("a")
    parent.append([only])

    child = spool(tmp_path)
    child.after_fork_in_child()
    child.after_fork_in_child()
    child.append([parcel("b")])

    assert len(list(tmp_path.iterdir())) == 2
    assert only.load() == b"a"


def test_sync_is_due_once_after_an_append(tmp_path):
    first = spool(tmp_path)
    assert not first.is_dirty

    first.append([parcel("a")])
    assert first.is_dirty
    first.sync()

    assert not first.is_dirty


def test_a_destination_has_its_own_folder_that_does_not_tell_its_key(tmp_path):
    one = folder_for(tmp_path, "https://key@host/1")

    assert one == folder_for(tmp_path, "https://key@host/1")
    assert one != folder_for(tmp_path, "https://key@host/2")
    assert "key" not in one.name

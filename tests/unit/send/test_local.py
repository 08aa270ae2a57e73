import json
import os
import stat

from otel_bridge.send.local import LocalSink
from otel_bridge.stats import Stats


def events_in(path):
    return [json.loads(line)["n"] for line in path.read_text().splitlines()]


def test_events_are_appended_as_lines_to_a_private_file(tmp_path):
    sink = LocalSink(tmp_path / "state" / "events.jsonl", 10_000)

    sink.offer({"n": 1})
    sink.offer({"n": 2})

    assert events_in(sink.path) == [1, 2]
    assert stat.S_IMODE(sink.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(sink.path.parent.stat().st_mode) == 0o700


def test_a_full_file_is_kept_once(tmp_path):
    sink = LocalSink(tmp_path / "events.jsonl", 20)

    for number in range(1, 8):
        sink.offer({"n": number})

    assert events_in(sink.path) == [7]
    assert events_in(tmp_path / "events.jsonl.1") == [5, 6]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["events.jsonl", "events.jsonl.1"]


def test_who_asked_is_told_of_each_event(tmp_path):
    told = []
    sink = LocalSink(tmp_path / "events.jsonl", 10_000, on_event=told.append)

    sink.offer({"n": 1})

    assert told == [{"n": 1}]


def test_an_event_that_cannot_be_written_is_counted_and_does_not_raise(tmp_path):
    stats = Stats()
    (tmp_path / "file").touch()
    sink = LocalSink(tmp_path / "file" / "events.jsonl", 10_000, stats=stats)

    sink.offer({"n": 1})

    assert stats.snapshot()["error"] == {"received": 0, "refused:local_file": 1}
    assert not sink.flush(1.0)
    assert sink.shutdown(1.0)


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path):
    (tmp_path / "events.jsonl").symlink_to(tmp_path / "victim")
    sink = LocalSink(tmp_path / "events.jsonl", 10_000)

    sink.offer({"n": 1})

    assert not (tmp_path / "victim").exists()


def test_a_fault_of_the_listener_does_not_reach_the_caller(tmp_path):
    stats = Stats()

    def fail(event):
        raise RuntimeError

    sink = LocalSink(tmp_path / "events.jsonl", 10_000, stats=stats, on_event=fail)
    sink.offer({"n": 1})

    assert stats.snapshot()["faults"] == {"on_event": 1}
    assert stats.snapshot()["error"] == {"received": 0, "delivered": 1}


def test_a_file_that_another_process_put_aside_is_not_put_aside_again(tmp_path):
    sink = LocalSink(tmp_path / "events.jsonl", 20)
    sink.offer({"n": 1})
    file = os.open(sink.path, os.O_RDONLY)
    sink.path.replace(tmp_path / "events.jsonl.1")
    sink.offer({"n": 2})

    sink._put_aside(file)
    os.close(file)

    assert events_in(sink.path) == [2]
    assert events_in(tmp_path / "events.jsonl.1") == [1]

from otel_bridge.convert.loose import LooseLogs
from otel_bridge.convert.recent import KeptLog
from otel_bridge.convert.sighting import log_sighting
from tests.unit.convert.telemetry import NOW, exception_log


def sighting(at=NOW, arrived=0.0, **more):
    (found,) = log_sighting(KeptLog(exception_log(1, at=at, **more), b"", b""))
    found.arrived = arrived
    return found


def test_a_record_without_a_stack_is_nobodys():
    logs = LooseLogs(wait_s=1, max_count=10)
    logs.tell(sighting(stacktrace=""))

    assert not logs.is_told(sighting(stacktrace=""))


def test_too_many_records_go_early():
    logs = LooseLogs(wait_s=1, max_count=2)
    first, *rest = (sighting(at=NOW + n) for n in range(3))

    assert logs.wait(first) == []
    assert logs.wait(rest[0]) == []
    assert logs.wait(rest[1]) == [first]
    assert logs.flush() == rest


def test_records_go_when_their_time_has_come():
    logs = LooseLogs(wait_s=2, max_count=10)
    early, late = sighting(arrived=1.0), sighting(arrived=2.0)
    logs.wait(early)
    logs.wait(late)

    assert logs.due(2.9) == []
    assert logs.due(3.0) == [early]
    assert logs.flush() == [late]


def test_memory_is_bounded():
    logs = LooseLogs(wait_s=2, max_count=5)
    for number in range(100):
        logs.tell(sighting(exception__message=str(number)))

    assert len(logs._told) == 5

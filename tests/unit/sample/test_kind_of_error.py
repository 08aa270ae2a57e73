import pytest

from otel_bridge.sample.kind_of_error import kind_of


def frame(function, *, in_app=True, module="shop.views"):
    return {"function": function, "module": module, "in_app": in_app}


def failure(kind="ValueError", value="no order 17", frames=()):
    stack = {"stacktrace": {"frames": list(frames)}} if frames else {}
    return {"exception": {"values": [{"type": kind, "value": value, **stack}]}}


CHECKOUT = [frame("checkout"), frame("run", in_app=False, module="lib")]

LOST = {"logentry": {"message": "lost %s"}, "logger": "x"}
OPEN = {"fingerprint": ["{{ default }}", "a"]}

SAME = [
    (failure(value="no order 17"), failure(value="no order 4711")),
    (failure(value="no 'apple'"), failure(value="no 'pear'")),
    (failure(value="id 0xdeadbeef"), failure(value="id 0x12")),
    (failure(value="a", frames=CHECKOUT), failure(value="b", frames=CHECKOUT)),
    (
        failure(frames=CHECKOUT),
        failure(frames=[*CHECKOUT, frame("deep", in_app=False, module="other")]),
    ),
    (LOST, dict(LOST)),
    ({"fingerprint": ["a"], **failure("A")}, {"fingerprint": ["a"], **failure("B")}),
]  # fmt: skip
DIFFERENT = [
    (failure("ValueError"), failure("KeyError")),
    (failure(frames=[frame("a")]), failure(frames=[frame("b")])),
    (failure(value="no order 17"), failure(value="no customer 17")),
    (LOST, {**LOST, "logger": "y"}),
    ({"fingerprint": ["a"]}, {"fingerprint": ["a", "b"]}),
    ({**OPEN, **failure("A")}, {**OPEN, **failure("B")}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_events_that_fail_alike_are_of_one_kind(one, other):
    assert kind_of(one) == kind_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_events_that_fail_otherwise_are_not(one, other):
    assert kind_of(one) != kind_of(other)


@pytest.mark.parametrize(
    "event",
    [{}, {"exception": None}, {"exception": {"values": [None, 3]}}, {"message": 5, "logentry": 7},
     {"exception": {"values": [{"stacktrace": {"frames": ["x"]}}]}}],
)  # fmt: skip
def test_events_of_any_shape_have_a_kind(event):
    assert isinstance(kind_of(event), str)


def test_half_a_character_in_a_message_does_not_take_the_failure_out_of_its_budget():
    assert kind_of(failure(value="no '\udcff' 1")) == kind_of(failure(value="no '\udcfe' 2"))

import pytest

from otel_bridge.sample.probability import NOTHING, OtState
from otel_bridge.sample.tracestate import ot_of, with_ot

HALF = OtState(1 << 55)


@pytest.mark.parametrize(
    ("header", "state"),
    [
        ("ot=th:8", HALF),
        ("vendor=1, ot=th:8 ,other=2", HALF),
        ("not=th:8", NOTHING),
        ("ot", NOTHING),
        ("", NOTHING),
    ],
)
def test_the_ot_entry_is_found_among_others(header, state):
    assert ot_of(header) == state


@pytest.mark.parametrize(
    ("header", "state", "written"),
    [
        ("", HALF, "ot=th:8"),
        ("vendor=1,other=2", HALF, "ot=th:8,vendor=1,other=2"),
        ("vendor=1,ot=th:c;rv:1,other=2", HALF, "ot=th:8,vendor=1,other=2"),
        ("vendor=1,ot=th:c", NOTHING, "vendor=1"),
    ],
)
def test_our_entry_goes_first_and_the_others_stay(header, state, written):
    assert with_ot(header, state) == written


def test_with_32_others_ours_is_left_out_rather_than_one_of_theirs():
    others = ",".join(f"v{number}=1" for number in range(32))

    assert with_ot(others, HALF) == others

import pytest
from opentelemetry.sdk.trace._sampling_experimental._trace_state import OtelTraceState
from opentelemetry.trace import TraceState

from otel_bridge.sample.probability import (
    NEVER,
    NOTHING,
    OtState,
    format_ot,
    format_threshold,
    parse_ot,
    randomness_of,
    rate_of,
    rounded,
    threshold_of,
)


@pytest.mark.parametrize(
    ("rate", "written"),
    [(1, "0"), (0.5, "8"), (0.25, "c"), (0.01, "fd70a4"), (0.05, "f33333"), (1e-6, "ffffef391")],
)
def test_a_rate_is_written_in_few_digits(rate, written):
    assert format_threshold(threshold_of(rate)) == written


@pytest.mark.parametrize("rate", [0.9999, 1 / 3, 0.1, 0.05, 0.001, 1e-6, 1e-12])
def test_rounding_keeps_a_rate_to_one_part_in_ten_thousand(rate):
    assert rate_of(threshold_of(rate)) == pytest.approx(rate, rel=1e-4)


@pytest.mark.parametrize(("rate", "threshold"), [(0, NEVER), (1, 0), (1e-30, NEVER)])
def test_the_ends_are_exact(rate, threshold):
    assert threshold_of(rate) == threshold


@pytest.mark.parametrize("threshold", [1, NEVER - 1, NEVER - 2, NEVER // 3, 5 << 50])
def test_a_rounded_threshold_neither_keeps_everything_nor_nothing_if_it_did_not_before(threshold):
    assert 0 <= rounded(threshold) < NEVER


def test_randomness_is_the_last_56_bits_of_a_trace_id():
    assert randomness_of(b"\xff" * 9 + b"\x00\x00\x00\x00\x00\x01\x02") == 0x0102


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("th:8", OtState(1 << 55)),
        ("th:0", OtState(0)),
        ("th:fd70a4;rv:0123456789abcd", OtState(0xFD70A4 << 32, 0x0123456789ABCD)),
        ("xx:1;th:c;yy:2", OtState(0xC << 52, None, ("xx:1", "yy:2"))),
        ("th:", NOTHING),
        ("th:123456789abcdef", NOTHING),
        ("th:FF", NOTHING),
        ("th:0x1", NOTHING),
        ("th:+1", NOTHING),
        ("th:1_0", NOTHING),
        ("rv:123", NOTHING),
        ("rv:0123456789abcg", NOTHING),
        ("", NOTHING),
        ("a" * 257, NOTHING),
    ],
)
def test_the_ot_entry_is_read(value, state):
    assert parse_ot(value) == state


@pytest.mark.parametrize(
    "value", ["th:8", "th:0", "th:fd70a4;rv:0123456789abcd", "th:c;xx:1;yy:2", "rv:ffffffffffffff"]
)
def test_the_ot_entry_is_written_as_it_was_read_and_as_the_sdk_understands_it(value):
    state = parse_ot(value)
    theirs = OtelTraceState.parse(TraceState([("ot", value)]))

    assert format_ot(state) == value
    assert theirs.threshold == (-1 if state.threshold is None else state.threshold)
    assert theirs.random_value == (-1 if state.randomness is None else state.randomness)
    assert tuple(theirs.rest) == state.rest


def test_a_threshold_that_nothing_reaches_is_not_written():
    assert format_ot(OtState(NEVER, None, ("xx:1",))) == "xx:1"


def test_what_does_not_fit_into_256_characters_is_left_out_from_the_end():
    state = OtState(1 << 55, None, ("a" * 200, "b" * 49, "c"))

    assert format_ot(state) == f"th:8;{'a' * 200};{'b' * 49}"

import pytest

from otel_bridge.sample.annotate import Annotator
from otel_bridge.sample.options import RedOptions
from otel_bridge.sample.probability import threshold_of
from otel_bridge.sample.red import OTHERS, RedMetrics, Series, SeriesKey
from otel_bridge.sample.verdict import Verdict
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

A = trace_id(1)
HIGH = trace_id(2, randomness=0.9)


def counted(*batches, **options):
    red = RedMetrics(RedOptions(**{"buckets_ms": (10, 100), **options}))
    for batch in batches:
        red.add(batch)
    return {series.key: series for series in red.series()}


def test_requests_errors_and_durations_are_summed_by_service_and_route():
    orders = [make_span(A, number, http__route="/orders", duration_ms=ms)
              for number, ms in enumerate((5, 10, 10.5, 100, 101), 1)]  # fmt: skip
    failed = make_span(A, 9, http__route="/orders", status=ERROR, duration_ms=50)
    elsewhere = make_span(A, 10, name="poll", kind=5, parent=3, remote=True)

    series = counted(batch_of(*orders, failed), batch_of(elsewhere, service="mail"))

    ok = SeriesKey("shop", 2, "/orders", failed=False)
    assert series == {
        ok: Series(ok, (2, 2, 1), 226.5, 5.0, 101.0),
        ok._replace(failed=True): Series(ok._replace(failed=True), (0, 1, 0), 50.0, 50.0, 50.0),
        SeriesKey("mail", 5, "poll", failed=False): Series(
            SeriesKey("mail", 5, "poll", failed=False), (1, 0, 0), 10.0, 10.0, 10.0
        ),
    }
    assert series[ok].requests == 5


def test_spans_within_a_request_are_no_requests():
    assert counted(batch_of(make_span(A, 2, parent=1))) == {}


def test_what_has_no_place_of_its_own_is_counted_together():
    spans = [make_span(A, number, http__route=f"/{number}") for number in range(1, 6)]

    series = counted(batch_of(*spans), max_series=2)

    assert [found.requests for found in series.values()] == [1, 1, 3]
    assert OTHERS in series


@pytest.mark.parametrize(("extrapolate", "requests"), [(False, 2), (True, 5)])
def test_spans_that_were_sampled_elsewhere_can_stand_for_more(extrapolate, requests):
    spans = [make_span(HIGH, 1, state="ot=th:c"), make_span(HIGH, 2)]

    (series,) = counted(batch_of(*spans), extrapolate=extrapolate).values()

    assert series.requests == requests


def test_what_another_bridge_noted_counts_where_no_th_is_written():
    quarter = Verdict(keep=True, reason="x", threshold=threshold_of(0.25))
    spans = Annotator(assume_all_upstream=False).annotated([make_span(HIGH)], quarter)

    (series,) = counted(batch_of(*spans), extrapolate=True).values()

    assert series.requests == 4


def test_a_th_that_the_trace_never_passed_makes_no_span_stand_for_millions():
    span = make_span(A, state="ot=th:fffffffffffff")

    (series,) = counted(batch_of(span), extrapolate=True).values()

    assert series.requests == 1


def test_clocks_that_went_back_do_no_harm():
    span = make_span(A)._replace(end_ns=0)

    (series,) = counted(batch_of(span)).values()

    assert (series.buckets, series.sum_ms) == ((1, 0, 0), 0.0)

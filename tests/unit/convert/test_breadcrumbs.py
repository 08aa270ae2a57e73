from otel_bridge.wire.batch import SpanKind
from tests.unit.convert.telemetry import (
    NOW,
    SECOND,
    batch_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_log,
    make_span,
)


def crumbs(*batches, **options):
    (event,) = events_of(*batches, **options)
    return [
        (crumb.get("category"), crumb.get("message"), crumb.get("level"))
        for crumb in event.get("breadcrumbs", {}).get("values", [])
    ]


def test_what_happened_before_is_told_in_order():
    logs = batch_of(
        make_log(1, at=NOW - 300, severity=9, body="took the order"),
        make_log(1, at=NOW + 300, severity=9, body="too late"),
        scope="shop.orders",
    )
    query = make_span(
        3,
        parent=1,
        kind=SpanKind.CLIENT,
        status=0,
        start=NOW - 250,
        end=NOW - 200,
        db__query__text="SELECT 1",
        db__system__name="postgresql",
    )
    call = make_span(
        4,
        parent=1,
        kind=SpanKind.CLIENT,
        start=NOW - 150,
        end=NOW - 100,
        http__request__method="GET",
        url__full="http://bank/x",
        http__response__status_code=502,
    )
    entry = make_entry(1, ("cache miss", NOW - 400, {"key": "a"}), exception(at=NOW))

    assert crumbs(logs, batch_of(query, call), batch_of(entry)) == [
        ("otel.event", "cache miss", "info"),
        ("shop.orders", "took the order", "info"),
        ("query", "SELECT 1", "info"),
        ("http", "work", "error"),
    ]


def test_only_what_belongs_to_the_same_request_is_told():
    logs = batch_of(make_log(2, at=NOW - 10, body="of another request"))
    other = make_entry(2, parent=9, remote=True, status=0)

    assert crumbs(logs, batch_of(other, make_entry(1, exception(), parent=9, remote=True))) == []


def test_the_failure_itself_is_not_told_again():
    log = exception_log(1, at=NOW - 1)

    assert crumbs(batch_of(log), batch_of(make_entry(1, exception(at=NOW)))) == []


def test_only_the_latest_are_kept():
    logs = batch_of(*(make_log(1, at=NOW - 100 + n, body=str(n)) for n in range(50)))
    found = crumbs(logs, batch_of(make_entry(1, exception())), max_breadcrumbs=3)

    assert [message for _, message, _ in found] == ["47", "48", "49"]
    assert crumbs(logs, batch_of(make_entry(1, exception())), max_breadcrumbs=0) == []


def test_a_call_that_had_not_come_back_is_not_told():
    call = make_span(3, parent=1, kind=SpanKind.CLIENT, end=NOW + SECOND)

    assert crumbs(batch_of(call), batch_of(make_entry(1, exception(at=NOW)))) == []

import pytest

from otel_bridge.version import __version__
from tests.contracts.relay import errors_of, schema_errors_of
from tests.unit.convert.telemetry import (
    NOW,
    PYTHON,
    NoSource,
    batch_of,
    event_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_log,
    thrown,
)


def test_an_event_says_who_made_it():
    event = event_of(make_entry(1, exception()))

    assert event["sdk"] == {"name": "otel_bridge", "version": __version__}
    # A tracker treats python events of a version 3 as made by another SDK.
    assert not __version__.startswith("3")


@pytest.mark.parametrize(
    ("severity", "level"),
    [(21, "fatal"), (17, "error"), (13, "warning"), (9, "info"), (5, "debug"), (0, "error")],
)
def test_the_level_of_a_log_is_its_severity(severity, level):
    assert event_of(exception_log(1, severity=severity))["level"] == level


def test_a_failed_span_is_an_error_whatever_was_logged_beside():
    entry = make_entry(1, exception())

    assert event_of(entry, exception_log(1, severity=13))["level"] == "error"


def test_the_logger_is_named():
    assert event_of(exception_log(1), scope="shop.orders")["logger"] == "shop.orders"
    assert "logger" not in event_of(make_entry(1, exception()))


def test_a_message_is_an_event_without_an_exception():
    log = make_log(
        1,
        severity=13,
        body="stock is low",
        event_name="otel_bridge.message",
        otel_bridge__extra__left=3,
        otel_bridge__tag__shelf="b",
    )
    event = event_of(log)

    assert event["logentry"] == {"message": "stock is low"}
    assert (event["level"], event["extra"], event["tags"]["shelf"]) == (
        "warning",
        {"left": 3},
        "b",
    )
    assert "exception" not in event


def test_installed_packages_are_told_only_of_this_process():
    entry = make_entry(1, exception())

    assert event_of(entry, source=NoSource())["modules"] == {"flask": "3"}
    assert "modules" not in event_of(entry)


def test_an_event_passes_relay_and_its_schema():
    entry = make_entry(
        1,
        exception(stacktrace="x" * 3, message="m" * 20_000, kind="a" * 500),
        http__request__header__x=["1"],
        url__full="http://h/" + "p" * 5_000 + "?q=1",
        user__id="7",
        weird=float("inf"),
    )
    event = event_of(entry, resource={**PYTHON, "os.type": "linux", "service.version": "a/b"})

    assert errors_of(event) == []
    assert event.pop("_meta")
    assert schema_errors_of(event) == []
    assert len(thrown(event)["value"]) == 1_024


def test_what_is_too_long_or_cannot_be_read_is_kept_in_a_context():
    long = event_of(make_entry(1, exception(message="m" * 5_000)))
    unread = event_of(make_entry(1, exception(stacktrace="s" * 20_000)))

    assert thrown(long)["value"] == "m" * 1_021 + "..."
    assert long["contexts"]["exception"] == {"message": "m" * 5_000}
    assert unread["contexts"]["exception"] == {"stacktrace": "s" * 8_000}
    assert errors_of(long) == errors_of(unread) == []


def test_tags_and_extra_of_a_later_record_come_along():
    captured = exception_log(
        1, otel_bridge__tag__customer="acme", otel_bridge__extra__cart=3, at=NOW + 5
    )

    (event,) = events_of(batch_of(captured), batch_of(make_entry(1, exception(at=NOW))))
    assert event["tags"]["customer"] == "acme"
    assert event["extra"] == {"cart": 3}

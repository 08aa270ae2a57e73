import pytest

from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    batch_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_span,
)


class Base(Exception):
    pass


def is_ignored(*records, scope="shop", resource=None, **options):
    batches = [batch_of(r, scope=scope, resource=resource or {}) for r in records]
    return events_of(*batches, **options) == []


@pytest.mark.parametrize(
    ("ignored", "kind", "expected"),
    [
        (("KeyError",), "KeyError", True),
        (("shop.PaymentError",), "shop.PaymentError", True),
        (("PaymentError",), "shop.PaymentError", True),
        (("other.PaymentError",), "shop.PaymentError", False),
        ((KeyError,), "KeyError", True),
        ((LookupError,), "KeyError", True),
        (("LookupError",), "KeyError", True),
        ((OSError,), "ConnectionResetError", True),
        ((KeyError,), "LookupError", False),
        ((Base,), f"{Base.__module__}.Base", True),
        ((), "KeyError", False),
    ],
)
def test_errors_are_ignored_by_class_base_class_and_name(ignored, kind, expected):
    entry = make_entry(1, exception(kind, "x", ""))

    assert is_ignored(entry, ignore_errors=ignored) is expected


@pytest.mark.parametrize(
    "kind",
    [
        "asyncio.exceptions.CancelledError",
        "concurrent.futures._base.CancelledError",
        "SystemExit",
        "celery.exceptions.Retry",
        "starlette.requests.ClientDisconnect",
        "org.apache.catalina.connector.ClientAbortException",
    ],
)
def test_what_was_cancelled_or_disconnected_is_no_error(kind):
    assert is_ignored(make_entry(1, exception(kind, "x", "")))


def test_a_go_context_that_was_cancelled_is_no_error():
    assert is_ignored(make_entry(1, exception("*errors.errorString", "context canceled", "")))


def test_a_retry_of_something_else_is_an_error():
    assert not is_ignored(make_entry(1, exception("shop.Retry", "x", "")))


@pytest.mark.parametrize(
    "kind", ["starlette.exceptions.HTTPException", "werkzeug.exceptions.NotFound"]
)
def test_an_exception_that_answers_with_4xx_is_no_error(kind):
    inner = make_span(2, exception(kind, "404", ""), parent=1)
    entry = make_entry(1, http__response__status_code=404, status=StatusCode.UNSET)

    assert is_ignored(inner, entry)
    assert not is_ignored(inner, make_entry(1, http__response__status_code=503))


def test_an_express_error_that_answers_with_4xx_is_no_error():
    scope = "@opentelemetry/instrumentation-router"
    layer = make_span(2, exception("Error", "no such order", ""), parent=1)
    entry = make_entry(1, http__response__status_code=404, status=StatusCode.UNSET)

    assert is_ignored(layer, entry, scope=scope)


def test_an_error_that_has_nothing_to_do_with_a_4xx_answer_stays_one():
    call = make_span(
        2, exception("ConnectionError", "no cache", ""), parent=1, kind=SpanKind.CLIENT
    )
    entry = make_entry(1, http__response__status_code=404, status=StatusCode.UNSET)

    assert not is_ignored(call, entry)
    assert not is_ignored(call, entry, scope="@opentelemetry/instrumentation-redis")
    assert not is_ignored(exception_log(1), entry)


@pytest.mark.parametrize("path", ["/healthz", "/ready/", "/health?full=1"])
def test_a_failed_health_check_is_no_error(path):
    entry = make_entry(1, exception(), url__path=path)

    assert is_ignored(entry)
    assert not is_ignored(entry, ignore_health_checks=False)


def test_a_probe_is_a_health_check_whatever_its_path():
    entry = make_entry(1, exception(), url__path="/", user_agent__original="kube-probe/1.30")

    assert is_ignored(entry)


def test_a_bot_is_not_a_customer():
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    entry = make_entry(1, exception(), user_agent__original=agent)

    assert is_ignored(entry)
    assert not is_ignored(entry, ignore_bots=False)


def test_people_are_customers():
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    assert not is_ignored(make_entry(1, exception(), user_agent__original=agent))


def below_a_409(**more):
    inner = make_span(
        2,
        exception("shop.ConflictError", "paid", ""),
        parent=1,
        **{"start": NOW, "end": NOW, **more},
    )
    entry = make_entry(1, http__response__status_code=409, status=StatusCode.UNSET)
    return inner, entry


def test_an_exception_that_a_handler_made_a_409_of_is_no_error():
    assert is_ignored(*below_a_409())


def test_what_the_framework_sends_after_it_is_the_answer():
    sent = make_span(3, parent=1, start=NOW + 1, status=0)

    assert is_ignored(*below_a_409(), sent)


def test_an_exception_after_which_the_work_went_on_is_an_error():
    inner, entry = below_a_409()
    work = batch_of(make_span(3, parent=1, start=NOW + 1, status=0), scope="shop.stock")

    assert len(events_of(batch_of(inner), work, batch_of(entry))) == 1


def test_an_exception_that_was_logged_or_stayed_in_its_span_is_an_error():
    log = exception_log(1, "ConflictError", "", exception__message="paid")

    assert not is_ignored(*below_a_409(), log)
    assert not is_ignored(*below_a_409(status=StatusCode.UNSET))

import pytest

from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    batch_of,
    event_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_span,
    thrown,
)

OWN = '  File "/srv/shop/orders.py", line 7, in charge\n    return rows[order]\n'
FRAMEWORK = (
    '  File "/srv/venv/lib/python3.11/site-packages/flask/app.py", line 9, in wsgi_app\n    x\n'
)
HEAD = "Traceback (most recent call last):\n"
TAIL = "TypeError: 'NoneType' object is not subscriptable\n"
CAUGHT_INSIDE = HEAD + OWN + TAIL
CAME_OUT = HEAD + FRAMEWORK + OWN + TAIL
NODE = {"telemetry.sdk.language": "nodejs"}
JS_STACK = (
    "TypeError: x\n    at load (/srv/shop/app.js:3:4)\n"
    "    at handle (/srv/shop/node_modules/r.js:1:1)"
)


def handled(*records, **more):
    return thrown(event_of(*records, **more))["mechanism"].get("handled")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (make_entry(1, exception(stacktrace=CAME_OUT)), False),
        (make_entry(1, exception(stacktrace=CAUGHT_INSIDE), status=StatusCode.UNSET), True),
        (
            make_entry(1, exception(stacktrace=CAUGHT_INSIDE), http__response__status_code=502),
            True,
        ),
        (make_entry(1, exception(stacktrace=CAUGHT_INSIDE)), None),
        (
            make_entry(
                1,
                exception(stacktrace=CAUGHT_INSIDE),
                description="TypeError: 'NoneType' object is not subscriptable",
            ),
            False,
        ),
        (make_entry(1, exception(stacktrace="")), False),
        (
            make_span(1, exception(stacktrace=CAUGHT_INSIDE), description="TypeError: 'NoneType'"),
            False,
        ),
        (make_span(1, exception(stacktrace=CAUGHT_INSIDE), status=StatusCode.UNSET), True),
        (
            make_span(1, exception(stacktrace=CAME_OUT), kind=SpanKind.CONSUMER, name="task"),
            False,
        ),
    ],
    ids=[
        "through the framework",
        "recorded by hand",
        "recorded by hand, answered 502",
        "recorded by hand, answered 500",
        "application without a framework",
        "no stack",
        "left a job",
        "caught in a job",
        "left a task",
    ],
)
def test_an_exception_on_the_entry_span(entry, expected):
    assert handled(entry) is expected


@pytest.mark.parametrize(
    ("inner", "entry", "scope", "expected"),
    [
        ({}, {"status": StatusCode.UNSET, "http__response__status_code": 200}, "shop", True),
        ({"status": StatusCode.UNSET}, {}, "shop", True),
        ({}, {}, "opentelemetry.instrumentation.flask", True),
        ({}, {}, "opentelemetry.instrumentation.asgi", None),
        ({}, {"error__type": "shop.TypeError"}, "fastapi", False),
        ({}, {"error__type": "502"}, "fastapi", True),
    ],
    ids=["answered well", "not failed", "error handler", "unknown", "left, by type", "by status"],
)
def test_an_exception_seen_only_below_the_entry_span(inner, entry, scope, expected):
    span = make_span(2, exception(stacktrace=CAUGHT_INSIDE), parent=1, **inner)

    assert handled(span, make_entry(1, **entry), scope=scope) is expected


def express(*layers, code=500):
    """Events of layers (number, parent, scope, status) below the server span."""
    entry = make_entry(1, http__response__status_code=code)
    batches = [
        batch_of(
            make_span(number, exception("Error", "x", JS_STACK), parent=parent, status=status),
            resource=NODE,
            scope=f"@opentelemetry/instrumentation-{scope}",
        )
        for number, parent, scope, status in layers
    ]
    (event,) = events_of(*batches, batch_of(entry, resource=NODE))
    return thrown(event)["mechanism"].get("handled")


def test_an_express_error_on_every_layer_was_not_handled():
    layers = (4, 3, "router", 0), (3, 2, "express", 2), (2, 1, "router", 0)

    assert express(*layers) is False


def test_an_express_error_recorded_by_hand_on_one_layer_was_handled():
    assert express((2, 1, "router", 2), code=502) is True
    assert express((3, 2, "router", 0), code=500) is True


def test_an_express_error_without_router_instrumentation_shows_in_the_status():
    assert express((2, 1, "express", 2), code=500) is False
    assert express((2, 1, "express", 2), code=502) is None


def test_an_express_error_that_was_answered_well_was_handled():
    assert express((2, 1, "express", 2), code=200) is True


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (exception_log(1, stacktrace=CAUGHT_INSIDE), True),
        (exception_log(1, stacktrace=CAME_OUT), False),
        (exception_log(1, stacktrace=""), True),
        (exception_log(1, stacktrace=CAUGHT_INSIDE, severity=21), False),
        (
            exception_log(1, stacktrace=CAUGHT_INSIDE, event_name="http.server.request.exception"),
            False,
        ),
        (exception_log(1, stacktrace=CAUGHT_INSIDE, otel_bridge__handled=False), False),
    ],
    ids=["logged", "logged by the framework", "no stack", "fatal", "by name", "by the door"],
)
def test_a_log(log, expected):
    assert handled(log) is expected


def test_a_log_of_the_hooks_for_uncaught_exceptions():
    log = exception_log(1, stacktrace=CAUGHT_INSIDE)

    assert handled(log, scope="opentelemetry.instrumentation.exceptions") is False


def test_exception_escaped_is_not_believed():
    entry = make_entry(1, exception(stacktrace=CAME_OUT, **{"exception.escaped": "False"}))

    assert handled(entry) is False


FASTAPI = "opentelemetry.instrumentation.fastapi"


def test_what_leaves_a_mounted_application_was_not_handled():
    mounted = make_span(2, exception(stacktrace=CAME_OUT), parent=1, http__route="/items/{item}")
    (event,) = events_of(batch_of(mounted, make_entry(1, http__route="/shop"), scope=FASTAPI))

    assert thrown(event)["mechanism"]["handled"] is False
    assert event["transaction"] == "/shop/items/{item}"


def test_what_leaves_work_after_the_answer_was_not_handled():
    task = make_span(2, exception(stacktrace=CAME_OUT), parent=1, name="BackgroundTask charge")
    answered = make_entry(1, status=StatusCode.UNSET, http__response__status_code=200)

    assert handled(task, answered, scope=FASTAPI) is False


def test_a_cut_stack_at_the_entry_came_through_the_framework():
    cut = HEAD + FRAMEWORK * 2 + '  File "/srv/venv/lib/py'
    inner = make_span(2, exception(stacktrace=CAUGHT_INSIDE), parent=1)

    assert handled(inner, make_entry(1, exception(stacktrace=cut)), scope=FASTAPI) is False


@pytest.mark.parametrize(("state", "expected"), [("FAILURE", False), ("SUCCESS", True)])
def test_a_celery_task_says_itself_whether_it_failed(state, expected):
    task = make_span(
        1,
        exception(stacktrace=CAUGHT_INSIDE),
        kind=SpanKind.CONSUMER,
        name="run/shop.pay",
        more={"celery.state": state, "celery.task_name": "shop.pay"},
    )
    (event,) = events_of(batch_of(task, scope="opentelemetry.instrumentation.celery"))

    assert thrown(event)["mechanism"]["handled"] is expected
    assert event["transaction"] == "shop.pay"


@pytest.mark.parametrize(("answer", "expected"), [({}, False), ({"http.status_code": 502}, True)])
def test_an_aiohttp_request_without_an_answer_failed(answer, expected):
    entry = make_span(
        1, exception(stacktrace=CAUGHT_INSIDE), kind=SpanKind.SERVER, name="GET /x", more=answer
    )

    assert handled(entry, scope="opentelemetry.instrumentation.aiohttp_server") is expected

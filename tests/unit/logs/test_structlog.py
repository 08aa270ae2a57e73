import pytest
import structlog

from otel_bridge.logs.intake import INTAKE
from otel_bridge.logs.structlog import add_trace_fields, take_entry
from tests.unit.logs.takers import Taker


@pytest.fixture
def taker():
    before, INTAKE.sink = INTAKE.sink, Taker()
    yield INTAKE.sink
    INTAKE.sink = before


def logger_with(*processors):
    entries = []

    def keep(_logger, _method, event_dict):
        entries.append(event_dict)
        raise structlog.DropEvent

    log = structlog.wrap_logger(
        structlog.PrintLogger(),
        processors=[*processors, keep],
        wrapper_class=structlog.BoundLogger,
    )
    return log, entries


def test_entries_have_the_ids_of_their_span(tracer):
    log, entries = logger_with(add_trace_fields)
    log.info("outside")
    with tracer.start_as_current_span("work") as span:
        log.info("inside", order=7)

    context = span.get_span_context()
    assert entries[0] == {"event": "outside"}
    assert entries[1] == {
        "event": "inside",
        "order": 7,
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "trace_flags": f"{context.trace_flags:02x}",
    }


def test_what_the_application_sets_itself_stays(tracer):
    log, entries = logger_with(add_trace_fields)
    with tracer.start_as_current_span("work"):
        log.info("inside", trace_id="mine")

    assert entries[0]["trace_id"] == "mine"


@pytest.mark.parametrize("form", ["true", "tuple", "exception"])
def test_entries_are_taken_with_their_exception(taker, form):
    log, _ = logger_with(take_entry)
    try:
        raise ValueError("no")
    except ValueError as exc:
        given = {"true": True, "tuple": (ValueError, exc, exc.__traceback__), "exception": exc}
        log.error("failed", exc_info=given[form], order=7)

    (taken,) = taker.logs
    assert (taken.body.body, taken.body.severity_number) == ("failed", 17)
    assert taken.body.attributes["order"] == 7
    assert isinstance(taken.exc, ValueError)


def test_an_entry_without_an_exception_is_taken(taker):
    log, _ = logger_with(take_entry)
    log.warning("careful", exc_info=False)

    assert [(t.body.body, t.body.severity_number, t.exc) for t in taker.logs] == [
        ("careful", 13, None)
    ]

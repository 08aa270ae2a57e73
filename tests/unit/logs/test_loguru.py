import pytest
from loguru import logger as loguru_logger

from otel_bridge.logs.intake import INTAKE
from otel_bridge.logs.loguru import add_trace_fields, take_record
from tests.unit.logs.takers import Taker


@pytest.fixture
def logger():
    loguru_logger.remove()
    loguru_logger.configure(patcher=add_trace_fields, extra={})
    yield loguru_logger
    loguru_logger.remove()
    loguru_logger.configure(patcher=lambda _: None)


@pytest.fixture
def taker():
    before, INTAKE.sink = INTAKE.sink, Taker()
    yield INTAKE.sink
    INTAKE.sink = before


def test_records_have_the_ids_of_their_span_also_behind_a_queue(logger, tracer):
    extras = []
    logger.add(lambda message: extras.append(message.record["extra"]), enqueue=True)
    logger.info("outside")
    with tracer.start_as_current_span("work") as span:
        logger.bind(order=7).info("inside")
    logger.complete()

    context = span.get_span_context()
    assert extras[0] == {}
    assert extras[1]["order"] == 7
    assert extras[1]["trace_id"] == f"{context.trace_id:032x}"
    assert extras[1]["span_id"] == f"{context.span_id:016x}"


def test_what_the_application_binds_itself_stays(logger, tracer):
    extras = []
    logger.add(lambda message: extras.append(message.record["extra"]))
    with tracer.start_as_current_span("work"):
        logger.bind(trace_id="mine").info("inside")

    assert extras[0]["trace_id"] == "mine"


def test_records_are_taken_with_their_exception(logger, taker):
    logger.add(take_record)
    try:
        raise ValueError("no")
    except ValueError:
        logger.bind(order=7).exception("failed")
    logger.warning("careful")

    first, second = taker.logs
    assert (first.body.body, first.body.severity_number) == ("failed", 17)
    assert first.body.attributes["order"] == 7
    assert isinstance(first.exc, ValueError)
    assert first.body.attributes["code.function.name"].startswith("test_records_are_taken")
    assert (second.body.body, second.body.severity_text, second.exc) == ("careful", "WARN", None)

import io
import json
import logging
import logging.config
import logging.handlers
import queue

import pytest
from pythonjsonlogger.json import JsonFormatter

from otel_bridge.logs.hook import LogHook
from otel_bridge.logs.intake import Intake
from otel_bridge.logs.options import LogOptions
from otel_bridge.logs.request_id import reset_request_id, set_request_id
from tests.unit.logs.takers import ERROR_ID, Taker

PLAIN = "%(levelname)s [%(trace_id)s %(span_id)s %(trace_flags)s %(error_id)s] %(message)s"


@pytest.fixture
def hooked():
    """`hooked(absent="empty")` installs a hook; it is taken out when the test ends."""
    hooks = []

    def install(taker=None, **options):
        faults = []
        hook = LogHook(
            LogOptions(**options),
            service_name="shop",
            on_fault=faults.append,
            intake=Intake(taker),
        )
        hook.install()
        hooks.append(hook)
        return faults

    yield install
    for hook in reversed(hooks):
        hook.uninstall()


@pytest.fixture
def stream():
    """A logger of the test's own writes into this."""
    return io.StringIO()


@pytest.fixture
def log(stream):
    logger = logging.getLogger("test.hook")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(PLAIN))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield logger
    for each in list(logger.handlers):
        logger.removeHandler(each)


def lines(stream):
    return stream.getvalue().splitlines()


def ids(span):
    context = span.get_span_context()
    return f"{context.trace_id:032x} {context.span_id:016x} {context.trace_flags:02x}"


def test_a_line_in_a_span_has_its_ids(hooked, log, stream, tracer):
    hooked()
    with tracer.start_as_current_span("work") as span:
        log.info("inside")

    assert lines(stream) == [f"INFO [{ids(span)} ] inside"]


@pytest.mark.parametrize("absent", ["omit", "empty"])
@pytest.mark.parametrize(
    ("style", "form"),
    [
        ("%", "[%(trace_id)s] %(message)s"),
        ("{", "[{trace_id}] {message}"),
        ("$", "[$trace_id] $message"),
    ],
)
def test_a_format_that_names_a_field_is_written_without_a_span_too(
    hooked, log, stream, style, form, absent
):
    log.handlers[0].setFormatter(logging.Formatter(form, style=style))
    hooked(absent=absent)
    log.info("outside")

    assert lines(stream) == ["[] outside"]


def test_a_formatter_that_comes_later_is_taught_too(hooked, log, stream):
    hooked()
    log.info("before")
    log.handlers[0].setFormatter(logging.Formatter("later [%(span_id)s] %(message)s"))
    log.info("after")

    assert lines(stream)[1] == "later [] after"


def test_defaults_of_the_formatter_itself_are_kept(hooked, log, stream):
    log.handlers[0].setFormatter(
        logging.Formatter(
            "%(trace_id)s %(tenant)s %(message)s", defaults={"trace_id": "-", "tenant": "t"}
        )
    )
    hooked()
    log.info("outside")

    assert lines(stream) == ["- t outside"]


def test_json_lines_have_the_fields_in_a_span_and_none_of_them_outside(
    hooked, log, stream, tracer
):
    log.handlers[0].setFormatter(JsonFormatter("%(message)s"))
    hooked()
    log.info("outside")
    with tracer.start_as_current_span("work") as span:
        log.info("inside")

    outside, inside = map(json.loads, lines(stream))
    assert outside == {"message": "outside"}
    assert f"{inside['trace_id']} {inside['span_id']} {inside['trace_flags']}" == ids(span)


def test_empty_fields_are_there_by_option(hooked, log, stream):
    log.handlers[0].setFormatter(JsonFormatter("%(message)s"))
    hooked(absent="empty")
    log.info("outside")

    assert json.loads(stream.getvalue()) == {
        "message": "outside",
        "trace_id": "",
        "span_id": "",
        "trace_flags": "",
        "error_id": "",
        "request_id": "",
    }


def test_what_the_application_sets_itself_stays_and_raises_nothing(hooked, log, stream, tracer):
    hooked()
    with tracer.start_as_current_span("work"):
        log.info("own", extra={"trace_id": "mine", "span_id": "mine", "request_id": "mine"})

    assert lines(stream)[0].startswith("INFO [mine mine ")


def test_the_names_of_the_logging_instrumentation_by_option(hooked, log, stream, tracer):
    log.handlers[0].setFormatter(
        logging.Formatter(
            "%(otelTraceID)s %(otelSpanID)s %(otelTraceSampled)s %(otelServiceName)s"
        )
    )
    hooked(names="otel_python")
    log.info("outside")
    with tracer.start_as_current_span("work") as span:
        log.info("inside")

    trace_id, span_id, _ = ids(span).split()
    assert lines(stream) == ["0 0 False shop", f"{trace_id} {span_id} True shop"]


def test_dict_config_after_the_hook_changes_nothing(hooked, tracer, capsys):
    hooked()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"plain": {"format": "%(trace_id)s|%(message)s"}},
            "handlers": {
                "out": {
                    "class": "logging.StreamHandler",
                    "formatter": "plain",
                    "stream": "ext://sys.stdout",
                }
            },
            "loggers": {"test.dict": {"handlers": ["out"], "level": "INFO", "propagate": False}},
        }
    )
    logger = logging.getLogger("test.dict")
    logger.info("outside")
    with tracer.start_as_current_span("work") as span:
        logger.info("inside")
    logger.handlers.clear()

    assert capsys.readouterr().out.splitlines() == ["|outside", f"{ids(span)[:32]}|inside"]


def test_ids_are_those_of_the_thread_that_wrote_the_line_behind_a_queue(
    hooked, log, stream, tracer
):
    hooked()
    written = log.handlers[0]
    waiting = queue.SimpleQueue()
    log.removeHandler(written)
    log.addHandler(logging.handlers.QueueHandler(waiting))
    listener = logging.handlers.QueueListener(waiting, written)
    listener.start()
    log.info("outside")
    with tracer.start_as_current_span("work") as span:
        log.info("inside")
    listener.stop()

    assert lines(stream) == ["INFO [   ] outside", f"INFO [{ids(span)} ] inside"]


def test_the_id_of_the_request_is_carried_along(hooked, log, stream):
    log.handlers[0].setFormatter(logging.Formatter("%(request_id)s"))
    hooked()
    token = set_request_id("req-7")
    log.info("x")
    reset_request_id(token)
    log.info("y")

    assert lines(stream) == ["req-7", ""]


def test_records_from_the_level_on_are_taken(hooked, log):
    taker = Taker()
    hooked(taker, level=logging.INFO)
    for level in (logging.DEBUG, logging.INFO, logging.ERROR):
        log.log(level, logging.getLevelName(level))

    assert taker.texts == ["INFO", "ERROR"]


def test_no_record_is_taken_when_that_is_off(hooked, log, stream):
    taker = Taker()
    hooked(taker, level=None)
    log.critical("x")

    assert taker.logs == []
    assert lines(stream)


def test_the_line_that_tells_of_an_exception_names_its_event(hooked, log, stream, tracer):
    taker = Taker()
    hooked(taker)
    with tracer.start_as_current_span("work"):
        try:
            raise ValueError("no")
        except ValueError:
            log.exception("failed")

    assert taker.logs[0].body.attributes["otel_bridge.event_id"] == ERROR_ID
    assert isinstance(taker.logs[0].exc, ValueError)


def test_a_fault_of_ours_keeps_no_line_from_being_written(hooked, log, stream):
    class Broken(Taker):
        def put_log(self, log, exc):
            raise RuntimeError("bug")

    faults = hooked(Broken())
    log.info("x")

    assert len(lines(stream)) == 1
    assert faults == ["log"]


def test_an_error_of_the_applications_handler_is_the_applications(hooked, log):
    class Strict(logging.Handler):
        def emit(self, record):
            raise LookupError("mine")

    log.addHandler(Strict())
    hooked()
    with pytest.raises(LookupError):
        log.info("x")


def test_uninstalled_the_standard_library_is_as_it_was():
    original = logging.Logger.callHandlers
    hook = LogHook(LogOptions(), intake=Intake())
    hook.install()
    hook.install()
    assert logging.Logger.callHandlers is not original

    hook.uninstall()

    assert logging.Logger.callHandlers is original


def test_uninstalled_under_somebody_elses_hook_it_only_passes_on(log, stream):
    original = logging.Logger.callHandlers
    hook = LogHook(LogOptions(absent="empty"), intake=Intake())
    hook.install()
    ours = logging.Logger.callHandlers

    def theirs(logger, record):
        ours(logger, record)

    logging.Logger.callHandlers = theirs
    try:
        log.handlers[0].setFormatter(JsonFormatter("%(message)s"))
        hook.uninstall()
        log.info("x")

        assert logging.Logger.callHandlers is theirs
        assert json.loads(stream.getvalue()) == {"message": "x"}
        hook.install()
        log.info("y")
        assert "trace_id" in json.loads(lines(stream)[1])
    finally:
        logging.Logger.callHandlers = original

import logging

from otel_bridge.logs.handler import BridgeHandler
from otel_bridge.logs.intake import INTAKE
from tests.unit.logs.takers import Taker


def record_of(level=logging.INFO):
    return logging.LogRecord("shop", level, "/app/shop.py", 7, "said", None, None)


def test_a_handler_hands_records_to_the_bridge_it_was_given():
    taker = Taker()
    BridgeHandler(bridge=taker).handle(record_of())

    assert taker.texts == ["said"]


def test_a_handler_without_a_bridge_uses_the_one_of_the_process():
    taker = Taker()
    before, INTAKE.sink = INTAKE.sink, taker
    try:
        BridgeHandler().handle(record_of())
    finally:
        INTAKE.sink = before

    assert taker.texts == ["said"]


def test_a_fault_is_told_as_every_stdlib_handler_tells_it(capsys):
    class Broken(Taker):
        def put_log(self, log, exc):
            raise RuntimeError("bug")

    BridgeHandler(bridge=Broken()).handle(record_of())

    assert "RuntimeError: bug" in capsys.readouterr().err

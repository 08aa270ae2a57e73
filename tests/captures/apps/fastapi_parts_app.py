"""A shop put together of parts: a mounted application, work after the answer, handlers of errors."""

import logging

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from opentelemetry import trace

app = FastAPI()
admin = FastAPI()
logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class ConflictError(Exception):
    pass


class OutageError(Exception):
    pass


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


@app.exception_handler(ConflictError)
async def conflict(request, error):
    return JSONResponse({}, status_code=409)


@app.exception_handler(OutageError)
async def outage(request, error):
    return JSONResponse({}, status_code=500)


@app.get("/ok")
def ok():
    return {"ok": True}


@admin.get("/orders/{order}")
def of_mounted(order: int):
    return charge(order)


app.mount("/admin", admin)


@app.get("/background/{order}")
def in_background(order: int, tasks: BackgroundTasks):
    tasks.add_task(charge, order)
    return {"ok": True}


@app.get("/stream/{order}")
def in_stream(order: int):
    def parts():
        yield b"a"
        charge(order)

    return StreamingResponse(parts())


@app.get("/from-none/{order}")
def from_none(order: int):
    try:
        with tracer.start_as_current_span("payment"):
            charge(order)
    except PaymentError:
        raise LookupError("no such order") from None


@app.get("/conflict/{order}")
def answers_409(order: int):
    with tracer.start_as_current_span("payment"):
        raise ConflictError(f"order {order} is paid")


@app.get("/conflict-logged/{order}")
def logs_and_answers_409(order: int):
    try:
        with tracer.start_as_current_span("payment"):
            raise ConflictError(f"order {order} is paid")
    except ConflictError:
        logger.exception("could not pay")
        raise


@app.get("/outage/{order}")
def answers_500(order: int):
    with tracer.start_as_current_span("payment"):
        raise OutageError(f"bank of order {order} is down")


@app.get("/retried/{order}")
def fails_twice(order: int):
    try:
        with tracer.start_as_current_span("cache"):
            raise ConnectionError("down")
    except ConnectionError:
        pass
    with tracer.start_as_current_span("bank"):
        raise ConnectionError("down for good")

"""A shop on aiohttp. Instrumented from outside."""

import logging
import os

from aiohttp import web
from opentelemetry import trace

logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


async def ok(request):
    return web.json_response({"ok": True})


async def throw(request):
    return web.json_response(charge(request.match_info["order"]))


async def nested(request):
    with tracer.start_as_current_span("checkout"), tracer.start_as_current_span("payment"):
        charge(request.match_info["order"])


async def handled(request):
    try:
        charge(request.match_info["order"])
    except PaymentError:
        logger.exception("could not charge")
    return web.json_response({"ok": False})


async def missing(request):
    raise web.HTTPNotFound


app = web.Application()
app.router.add_get("/ok", ok)
app.router.add_get("/throw/{order}", throw)
app.router.add_get("/nested/{order}", nested)
app.router.add_get("/handled/{order}", handled)
app.router.add_get("/missing", missing)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)

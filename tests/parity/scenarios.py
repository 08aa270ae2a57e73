"""Ways to fail, the same under sentry-sdk and under OpenTelemetry: plain functions.

This module knows neither of the two. ``attempt`` is the outermost frame of both.
"""

import asyncio
import dataclasses
import functools
import json
import re
import threading
import xml.etree.ElementTree as ElementTree


class PaymentError(Exception):
    pass


class Expected(ValueError):
    def __str__(self):
        return f"expected, of {len(self.args)} parts"


def attempt(watch, call):
    """Run one way to fail inside a watching context manager."""
    with watch:
        call()


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


def plain():
    raise ValueError("plain")


def chained():
    charge(7)


def during():
    try:
        charge(7)
    except PaymentError:
        int("seven")


def from_none():
    try:
        charge(7)
    except PaymentError:
        raise LookupError("hidden") from None


def long_chain():
    try:
        during()
    except ValueError as error:
        raise RuntimeError("fourth") from error


def noted():
    try:
        charge(7)
    except PaymentError as error:
        error.add_note("tried twice")
        raise


def own_str():
    raise Expected("a", "b")


def own_str_in_chain():
    try:
        own_str()
    except Expected as error:
        raise RuntimeError("outer") from error


def group():
    errors = []
    for call in (chained, plain, lambda: int("x")):
        try:
            call()
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("parts failed", errors)


def nested_group():
    try:
        group()
    except ExceptionGroup as error:
        raise ExceptionGroup("outer", [error, TypeError("beside")]) from None


def group_with_cause():
    try:
        plain()
    except ValueError as error:
        raise ExceptionGroup(
            "wrapped", [OSError(2, "No such file", "x"), KeyError("k")]
        ) from error


def caused_by_group():
    try:
        group()
    except ExceptionGroup as error:
        raise RuntimeError("gave up") from error


def recursion():
    def down(depth):
        return down(depth - 1) if depth else 1 / 0

    down(90)


def mutual_recursion():
    def even(depth):
        if depth == 0:
            raise ValueError("bottom")
        odd(depth - 1)

    def odd(depth):
        even(depth - 1)

    even(60)


def in_lambda():
    (lambda order: charge(order))(7)


def in_comprehension():
    return [charge(order) for order in (7,)]


def in_generator():
    return sum(charge(order) for order in (7,))


def in_dict_comprehension():
    return {order: charge(order) for order in (7,)}


def c_sort():
    return sorted([2, 1], key=lambda order: charge(order))


def c_map():
    return list(map(charge, [7]))


def c_reduce():
    return functools.reduce(lambda left, right: charge(right), [1, 7])


def c_regex():
    return re.sub("x", lambda found: charge(found.group()), "axb")


def c_json():
    return json.loads('{"a": 1}', object_hook=lambda found: charge("a"))


def c_cache():
    return functools.lru_cache(charge)(7)


def library_json():
    json.loads("{not json")


def library_xml():
    ElementTree.fromstring("<open>")


def generated_exec():
    space = {"__name__": "made_here", "charge": charge}
    exec(compile("def made():\n    charge(7)\n", "<string>", "exec"), space)
    space["made"]()


def generated_eval():
    eval("charge(7)")


def generated_dataclass():
    @dataclasses.dataclass
    class Order:
        number: int

        def __post_init__(self):
            charge(self.number)

    Order(7)


def in_property():
    class Order:
        @property
        def total(self):
            return charge(7)

    return Order().total


def in_class_body():
    class Broken:
        field = charge(7)


def in_decorator():
    def twice(call):
        @functools.wraps(call)
        def wrapper(*args):
            return call(*args) or call(*args)

        return wrapper

    twice(charge)(7)


def in_finally():
    try:
        charge(7)
    finally:
        str(1)


def multi_line():
    return sum(
        order
        for order in [
            1,
            charge(
                7,
            ),
        ]
    )


def os_error():
    open("/nonexistent/file")


def unicode_error():
    b"\xff".decode()


def assertion():
    assert charge is None, "never"


def in_thread():
    caught = []

    def work():
        try:
            charge(7)
        except PaymentError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    raise caught[0]


def in_executor():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        executor.submit(charge, 7).result()


async def pay(order):
    await asyncio.sleep(0)
    return charge(order)


def asyncio_run():
    asyncio.run(pay(7))


def asyncio_task():
    async def main():
        await asyncio.create_task(pay(7))

    asyncio.run(main())


def asyncio_gather():
    async def main():
        await asyncio.gather(pay(7), asyncio.sleep(0))

    asyncio.run(main())


def asyncio_task_group():
    async def main():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(pay(7))
            tasks.create_task(pay(8))

    asyncio.run(main())


def asyncio_thread():
    async def main():
        await asyncio.to_thread(charge, 7)

    asyncio.run(main())


def asyncio_timeout():
    async def main():
        async with asyncio.timeout(0.001):
            await asyncio.sleep(1)

    asyncio.run(main())


SCRIPTS = {
    name: call
    for name, call in list(globals().items())
    if callable(call)
    and getattr(call, "__module__", None) == __name__
    and name not in {"attempt", "charge", "pay", "PaymentError", "Expected"}
}

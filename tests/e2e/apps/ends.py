"""Processes that end in every way, each after an error of its own: `ends.py WAY [METHOD]`."""

import multiprocessing
import os
import signal
import sys
import time

from opentelemetry import trace

import otel_bridge


def fail(message):
    span = trace.get_tracer("ends").start_span("work")
    span.record_exception(ValueError(message))
    span.end()


def normally():
    fail("normally")


def by_exception():
    fail("by exception")
    raise RuntimeError("this ends the process")


def by_sigterm():
    fail("by sigterm")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


def by_sigterm_with_a_handler():
    fail("by sigterm with a handler")
    os.kill(os.getpid(), signal.SIGTERM)


def by_os_exit():
    fail("by os._exit")
    time.sleep(1.5)  # longer than the documented flush interval
    os._exit(0)


def as_a_forked_child():
    fail("parent")
    child = os.fork()
    if child == 0:
        fail("child")
        sys.exit(0)
    os.waitpid(child, 0)


def in_a_pool(method):
    fail("parent")
    with multiprocessing.get_context(method).Pool(2, initializer=start) as pool:
        pool.map(fail, [f"task {number}" for number in range(10)])
        pool.close()
        pool.join()


def as_a_process(method):
    child = multiprocessing.get_context(method).Process(target=start_and_fail)
    child.start()
    child.join()


def start():
    otel_bridge.init()


def start_and_fail():
    start()
    fail("child")


if __name__ == "__main__":
    way, *arguments = sys.argv[1:]
    if way == "by_sigterm_with_a_handler":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    start()
    globals()[way](*arguments)

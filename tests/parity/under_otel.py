"""Fail under plain OpenTelemetry and the bridge's converter; print each event as one line of JSON.

    python -m tests.parity.under_otel [--text] [NAME...]

With ``--text`` the living exception is left out: the event comes from the recorded text alone.
"""

import contextlib
import json
import os
import sys
import time

from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.event import to_plain
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.source import DiskSource
from otel_bridge.wire.encode import SpanEncoder
from tests.parity.apart import each_apart
from tests.parity.scenarios import SCRIPTS, attempt
from tests.parity.webapps import WEB


class Printer(SpanProcessor):
    """Gives every span to the converter and prints what comes out."""

    def __init__(self, *, live):
        self.converter = Converter(ConvertOptions(project_root=os.getcwd()), DiskSource())
        self.encoder = SpanEncoder()
        self.reader = LiveReader() if live else None

    def on_end(self, span):
        context = span.context
        key = context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big")
        found = self.reader.read(span) if self.reader is not None else None
        live = {} if found is None else {key: found}
        self.show(self.converter.add(self.encoder.batch([span]), time.monotonic(), live))

    def shutdown(self):
        self.show(self.converter.flush())

    def show(self, events):
        for event in events:
            print(json.dumps(to_plain(event)))


def instrument(name, app):
    if name.startswith("fastapi"):
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

        FastAPIInstrumentor.instrument_app(app)
    elif name == "celery":
        from opentelemetry.instrumentation.celery import CeleryInstrumentor

        CeleryInstrumentor().instrument()


def make_app(name, make):
    if not name.startswith("django"):
        return make()
    from django.conf import settings
    from opentelemetry.instrumentation.django import DjangoInstrumentor

    app = make()
    DjangoInstrumentor().instrument()
    assert settings.MIDDLEWARE
    return app


def run(name):
    provider = TracerProvider()
    provider.add_span_processor(Printer(live="--text" not in sys.argv))
    trace.set_tracer_provider(provider)
    if name.startswith("flask"):
        from opentelemetry.instrumentation.flask import FlaskInstrumentor

        FlaskInstrumentor().instrument()
    if name in WEB:
        make, call, path = WEB[name]
        app = make_app(name, make)
        instrument(name, app)
        call(app, path)
    else:
        span = trace.get_tracer("parity").start_as_current_span(name)
        with contextlib.suppress(Exception):
            attempt(span, SCRIPTS[name])
    provider.shutdown()


if __name__ == "__main__":
    names = [name for name in sys.argv[1:] if name != "--text"]
    each_apart(names or [*SCRIPTS, *WEB], run)

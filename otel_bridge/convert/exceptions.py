"""The exceptions of an event, from the living object where there was one, else from the text."""

from otel_bridge.convert.event import ExceptionValue, Frame, Mechanism, Stacktrace
from otel_bridge.convert.frames import (
    cap,
    python_filename,
    python_in_app,
    python_module,
    without_recorder,
)
from otel_bridge.convert.live import LiveException
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.sighting import Sighting
from otel_bridge.convert.source import SourceReader, add_source
from otel_bridge.convert.stacktrace import python
from otel_bridge.convert.stacktrace.parsed import Chain, ParsedError


class ExceptionReader:
    """Makes the exception values of an event."""

    def __init__(self, options: ConvertOptions, source: SourceReader | None) -> None:
        self._options = options
        self._source = source
        # The folder of this process says nothing about telemetry from elsewhere.
        self._root = options.project_root if source is not None else None

    def read(self, sighting: Sighting, mechanism: Mechanism) -> list[ExceptionValue]:
        """Return the chain, the oldest cause first, the thrown exception last."""
        if sighting.live is not None:
            return self._from_live(sighting.live, mechanism)
        chain = python.parse(sighting.stacktrace) if sighting.stacktrace else []
        if not chain or not chain[-1].is_complete:
            thrown = chain.pop() if chain and not chain[-1].is_complete else ParsedError()
            thrown.type, thrown.message = sighting.type, sighting.message
            chain.append(thrown)
        elif "." in sighting.type and chain[-1].type == sighting.short_type:
            chain[-1].type = sighting.type
        return self._flatten(chain, mechanism)

    def _flatten(self, chain: Chain, mechanism: Mechanism) -> list[ExceptionValue]:
        values = [self._value(error) for error in chain]
        values[-1].mechanism = mechanism
        for value in values[:-1]:
            value.mechanism = Mechanism(type="chained", handled=mechanism.handled)
        return values

    def _value(self, error: ParsedError) -> ExceptionValue:
        module, name = split_python_type(error.type)
        frames = without_recorder(error.frames)
        for frame in frames:
            self._complete(frame)
        return ExceptionValue(
            type=name or None,
            value=error.message,
            module=module,
            stacktrace=Stacktrace(cap(frames)) if frames else None,
        )

    def _complete(self, frame: Frame) -> None:
        path, options = frame.abs_path or "", self._options
        if frame.module is None:
            known = self._source.module_name(path) if self._source is not None else None
            frame.module = known or python_module(path, self._root)
        frame.filename = python_filename(path, frame.module)
        frame.in_app = python_in_app(
            frame, options.in_app_include, options.in_app_exclude, self._root
        )
        if self._source is not None:
            add_source(frame, self._source, options.source_context_lines)

    def _from_live(self, live: LiveException, mechanism: Mechanism) -> list[ExceptionValue]:
        values = []
        for error in live.errors:
            frames = [
                Frame(
                    abs_path=frame.abs_path,
                    lineno=frame.lineno,
                    function=frame.function,
                    module=frame.module,
                    vars=frame.vars,
                )
                for frame in error.frames
            ]
            frames = without_recorder(frames)
            for frame in frames:
                self._complete(frame)
            values.append(
                ExceptionValue(
                    type=error.type,
                    value=error.message,
                    module=error.module,
                    mechanism=Mechanism(type="chained", handled=mechanism.handled),
                    stacktrace=Stacktrace(cap(frames)) if frames else None,
                )
            )
        values[-1].mechanism = mechanism
        return values


def split_python_type(qualified: str) -> tuple[str | None, str]:
    """Split ``package.module.Outer.Inner`` into module and class.

    Classes begin with a capital or stand after ``<locals>``; if neither, the last dot divides.
    """
    parts = qualified.split(".")
    at = len(parts) - 1
    for index, part in enumerate(parts):
        if part[:1].isupper() or parts[index + 1 : index + 2] == ["<locals>"]:
            at = index
            break
    return ".".join(parts[:at]) or None, ".".join(parts[at:])

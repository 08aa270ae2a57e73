"""The exceptions of an event: from the living object where there was one, else from the text."""

from collections.abc import Sequence
from typing import TypeVar

from otel_bridge.convert.event import ExceptionValue, Frame, Mechanism, Stacktrace
from otel_bridge.convert.frame_maker import MAX_FRAMES, FrameMaker, cap
from otel_bridge.convert.live import LiveError, LiveException, LiveFrame
from otel_bridge.convert.numbering import MAX_VALUES, numbered
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.source import SourceReader, add_source
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.languages import by_sdk, recognize
from otel_bridge.convert.stacktrace.parsed import (
    Chain,
    CodeRules,
    ParsedError,
    Placed,
    slashed,
)
from otel_bridge.convert.stacktrace.python import PYTHON

_Any = TypeVar("_Any", bound=Placed)
_CONTEXTLIB = "/contextlib.py"
_CELERY = "/celery/app/trace.py"
_MAX_STACKS = 128
"""Stacks of living exceptions that are remembered; a service fails on far fewer ways."""
_AT_HEAD = (_CONTEXTLIB, _CELERY)


class ExceptionReader:
    """Makes the exception values of an event, as the SDK of their language would.

    Args:
        options: Whose code is whose, and how much source to show.
        source: Reads the source of this process; None where the code is elsewhere.
    """

    def __init__(self, options: ConvertOptions, source: SourceReader | None) -> None:
        self._source = source
        self._around = options.source_context_lines
        # The folder of this process says nothing about telemetry from elsewhere.
        self._own = CodeRules(
            include=options.in_app_include,
            exclude=options.in_app_exclude,
            root=options.project_root if source is not None else None,
            source_roots=options.source_roots,
        )
        self._stacks: dict[tuple[LiveFrame, ...], list[Frame]] = {}
        self._maker = FrameMaker(self._own, source, options.source_context_lines)

    def fits(self, sighting: Sighting) -> bool:
        """Whether the frames made of a sighting are known to need no cutting."""
        # Whoever reads locals keeps them within their limit.
        return sighting.live is not None and not self._maker.has_long_names

    def read(
        self,
        sighting: Sighting,
        sdk_language: str | None,
        mechanism: Mechanism,
        main: str | None,
        causes: Sequence[Sighting] = (),
    ) -> tuple[list[ExceptionValue], Language | None]:
        """Return the exceptions, the thrown one last, and the language they are of.

        Args:
            sighting: The record with the most to tell.
            sdk_language: The resource's ``telemetry.sdk.language``.
            mechanism: Goes to the thrown exception.
            main: The folder of the program, as its resource tells it.
            causes: Records of what it was thrown for, where its own text may not say so.
        """
        if sighting.live is not None:
            return self._from_live(sighting.live, mechanism), PYTHON
        text = sighting.stacktrace
        language = by_sdk(sdk_language)
        chain = language.parse(text, sighting.message) if language is not None and text else []
        if not chain and text:
            other = recognize(text)
            if other is not None and other is not language:
                chain = other.parse(text, sighting.message)
                language = other if chain else language
        if not chain:
            chain = [ParsedError(is_complete=False)]
        _name_thrown(chain[-1], sighting, language)
        if len(chain) == 1 and language is not None and language.omits_causes:
            chain = [*_recorded_causes(causes, language), *chain]
        rules = self._own if main is None or self._own.root else _below(self._own, main)
        return self._values(chain, language or PYTHON, mechanism, rules), language

    def _values(
        self, chain: Chain, language: Language, mechanism: Mechanism, rules: CodeRules
    ) -> list[ExceptionValue]:
        values = []
        for error, of_error in numbered(chain, mechanism, language):
            module, name = self._split_type(error.type, language)
            frames = _without_recorder(error.frames, language)
            for frame in frames:
                if language is PYTHON and self._source is not None:
                    frame.module = self._source.module_name(frame.abs_path or "")
                language.finish(frame, rules)
            values.append(
                ExceptionValue(
                    type=name or None,
                    value=error.message,
                    module=module,
                    mechanism=of_error,
                    stacktrace=self._stacktrace(frames),
                )
            )
        values.reverse()
        return values

    def _split_type(self, qualified: str, language: Language) -> tuple[str | None, str]:
        """Split a type where this process knows the module, else as the language's names go."""
        if language is PYTHON and self._source is not None:
            module = qualified.rpartition(".")[0]
            while module:
                if self._source.has_module(module):
                    return module, qualified[len(module) + 1 :]
                module = module.rpartition(".")[0]
        return language.split_type(qualified)

    def _from_live(self, live: LiveException, mechanism: Mechanism) -> list[ExceptionValue]:
        return [self._live_value(error, mechanism) for error in live.errors[-MAX_VALUES:]]

    def _live_value(self, error: LiveError, mechanism: Mechanism) -> ExceptionValue:
        frames = self._live_frames(error.frames)
        own = Mechanism(
            type=mechanism.type if error.parent_id is None else "chained",
            handled=mechanism.handled,
            source=error.source,
            exception_id=error.exception_id,
            parent_id=error.parent_id,
            is_exception_group=error.is_group or None,
            meta=None if error.errno is None else {"errno": {"number": error.errno}},
        )
        return ExceptionValue(
            type=error.type,
            value=error.message,
            module=error.module,
            mechanism=own,
            stacktrace=Stacktrace(frames) if frames else None,
        )

    def _live_frames(self, entries: tuple[LiveFrame, ...]) -> list[Frame]:
        """Return the frames of a traceback; an application fails at few places, on few ways."""
        # No two failures have their local variables in common.
        may_come_again = len(entries) <= MAX_FRAMES and all(each.vars is None for each in entries)
        shown = self._stacks.get(entries) if may_come_again else None
        if shown is None:
            make = self._maker.frame
            shown = [make(entry) for entry in cap(_without_recorder(entries, PYTHON))]
            if not may_come_again:
                return shown
            if len(self._stacks) >= _MAX_STACKS:
                self._stacks.clear()
            self._stacks[entries] = shown
        # As the maker copies them.
        return [frame.__copy__() for frame in shown]  # type: ignore[attr-defined]

    def _stacktrace(self, frames: Sequence[Frame]) -> Stacktrace | None:
        if not frames:
            return None
        kept = cap(frames)
        if self._source is not None:
            for frame in kept:
                add_source(frame, self._source, self._around)
        return Stacktrace(kept)


def _name_thrown(thrown: ParsedError, sighting: Sighting, language: Language | None) -> None:
    """Settle type and message of the thrown exception between its text and its attributes.

    Attributes say the type with its module, and the message as it was. The text adds the notes to
    the message, and in JavaScript it alone names the class where the error has a code.
    """
    if not thrown.is_complete or not thrown.type:
        thrown.type, thrown.message = sighting.type or thrown.type, sighting.message
        return
    if not (language is not None and language.trusts_headline) and sighting.type:
        thrown.type = sighting.type if _adds_to(sighting, thrown) else thrown.type
    said = sighting.message
    if sighting.shape is Shape.LOG and language is not None and language.platform == "python":
        return  # OpenTelemetry's handler takes the first argument for the message
    if said and not thrown.message.startswith(said) and not said.startswith(f"{thrown.message}: "):
        thrown.message = said


def _recorded_causes(causes: Sequence[Sighting], language: Language) -> Chain:
    """Return what other records tell of the causes that a stack of this language leaves out."""
    chain: Chain = []
    for cause in causes:
        told = language.parse(cause.stacktrace, cause.message) or [ParsedError(is_complete=False)]
        _name_thrown(told[-1], cause, language)
        known = any((e.type, e.message) == (told[-1].type, told[-1].message) for e in chain)
        if not known and len(chain) < MAX_VALUES:
            told[-1].source = "cause"
            chain.append(told[-1])
    return chain


def _adds_to(sighting: Sighting, thrown: ParsedError) -> bool:
    """Whether the recorded type is at least as full as the one in the text."""
    return len(sighting.type) >= len(thrown.type)


def _below(rules: CodeRules, main: str) -> CodeRules:
    return CodeRules(
        include=rules.include,
        exclude=rules.exclude,
        root=main,
        source_roots=rules.source_roots,
    )


def _without_recorder(frames: Sequence[_Any], language: Language) -> Sequence[_Any]:
    """Leave out the frames that only recorded the exception.

    An error inside such code stays: the innermost frame is always kept.
    """
    if not frames:
        return frames
    path = slashed(frames[0].abs_path or "")
    if not path.endswith(_AT_HEAD) and not any(map(language.is_recorder, frames)):
        return frames
    start = 0
    while start < len(frames) - 1 and (
        language.is_recorder(frames[start]) or _only_called(frames, start)
    ):
        start += 1
    end = len(frames)
    while end > start and language.is_recorder(frames[end - 1]):
        end -= 1
    inside = [frame for frame in frames[start:end] if not language.is_recorder(frame)]
    return [*inside, *frames[end:]] or frames


def _only_called(frames: Sequence[Placed], at: int) -> bool:
    """Whether a frame at the head belongs to what watches, and native SDKs have none of it.

    That is ``contextlib`` beside a frame of OpenTelemetry, and Celery's tracer, inside which the
    native SDK wraps the task.
    """
    path = slashed(frames[at].abs_path or "")
    if path.endswith(_CONTEXTLIB):
        around = [*frames[max(0, at - 1) : at], *frames[at + 1 : at + 2]]
        return any(PYTHON.is_recorder(frame) for frame in around)
    return path.endswith(_CELERY)

"""Takes log records of this process into its bridge."""

from collections.abc import Callable, Mapping
from typing import Any

from opentelemetry.sdk.resources import Resource

from otel_bridge.convert.own_names import BREADCRUMB, EVENT_ID, MESSAGE_EVENT
from otel_bridge.instrument.engine import Engine
from otel_bridge.instrument.error_ids import ErrorIds
from otel_bridge.instrument.handover import PutLog
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.told import tell_exception, tell_message


class BridgeLogs:
    """Hands log records to the engine of a bridge.

    Args:
        engine: Returns the engine of the process that asks.
        live: Reads exceptions while they are at hand.
        forward: Whether records taken from stdlib logging are telemetry to forward.
    """

    def __init__(self, engine: Callable[[], Engine], live: LiveReader, *, forward: bool) -> None:
        self._engine = engine
        self._live = live
        self._forward = forward
        self.error_ids = ErrorIds(self._scrub)
        self.resource: Resource | None = None
        """What the records belong to: the resource of the spans, as soon as it is known."""

    def put_log(self, log: Any, exc: BaseException | None) -> None:  # noqa: ANN401  # or a like
        """Take over a record that was read from stdlib logging or made by a capture call."""
        engine = self._engine()
        try:
            if log.resource is None:
                log.resource = self._own_resource()
            self._put(engine, log, exc, forward=self._forward)
        except Exception:  # noqa: BLE001  # the application logs, it does not telemetry
            engine.guard.tell("put_log")

    def put_emitted(
        self,
        log: Any,  # noqa: ANN401  # the SDK's record
        exc: BaseException | None,
        *,
        forward: bool = True,
    ) -> None:
        """Take over a record that somebody emitted as telemetry."""
        engine = self._engine()
        try:
            if exc is not None and "exception.type" in (log.log_record.attributes or {}):
                log.log_record.attributes[EVENT_ID] = self.note_error(exc)
            self._put(engine, log, exc, forward=forward)
        except Exception:  # noqa: BLE001  # as above
            engine.guard.tell("put_log")

    def note_error(self, exc: BaseException) -> str:
        """Return the id of the event that tells of an exception, now or later."""
        return self.error_ids.note(exc)

    def tell_exception(
        self,
        exc: BaseException,
        level: str,
        tags: Mapping[str, object],
        extra: Mapping[str, object],
    ) -> str:
        """Take in an exception that the application tells of; return the id of its event."""
        return tell_exception(self, exc, level, tags, extra)

    def tell_message(
        self, text: str, level: str, tags: Mapping[str, object], extra: Mapping[str, object]
    ) -> str:
        """Take in a message that the application tells of; return the id of its event."""
        return tell_message(self, text, level, tags, extra)

    def _scrub(self, text: str) -> str:
        return self._engine().scrubber.text(text)

    def _put(
        self,
        engine: Engine,
        log: Any,  # noqa: ANN401  # the SDK's record, or one shaped like it
        exc: BaseException | None,
        *,
        forward: bool,
    ) -> None:
        body = log.log_record
        facts = body.attributes or {}
        is_error = "exception.type" in facts and facts.get(BREADCRUMB) is not True
        live = None
        if exc is not None and is_error:
            live = self._live.read_exception(exc, facts, body.trace_id or 0)
        engine.put_log(
            PutLog(
                log, live, forward=forward, is_urgent=is_error or body.event_name == MESSAGE_EVENT
            )
        )

    def _own_resource(self) -> Resource:
        if self.resource is None:
            self.resource = Resource.create()
        return self.resource

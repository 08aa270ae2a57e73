"""The processors and exporters that stand beside ours: finds where they export, and covers it.

Knows the SDK's classes and those that wrap them (Logfire's do) by what they hold, not by name.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from opentelemetry.sdk.trace import SpanProcessor

from otel_bridge.instrument.mark import is_own
from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.instrument.wrapped import (
    ScrubbedExporter,
    ScrubbedLogExporter,
    ScrubbedProcessor,
    SilentExporter,
    SilentLogExporter,
)

logger = logging.getLogger("otel_bridge")

_OTLP_PORTS = frozenset({4317, 4318})
"""The ports of gRPC and HTTP of one receiver, as the specification has them."""
_MAX_DEPTH = 8
_BATCH_FIELD = "_batch_processor"
"""Where the SDK's batch processors keep what holds their exporter."""
_STAND_INS = (ScrubbedExporter, SilentExporter, ScrubbedLogExporter, SilentLogExporter)


class Others:
    """Covers processors: what they export is scrubbed, and nothing is sent twice.

    Args:
        scrubbing: Makes clean copies.
        receivers: Where the bridge itself sends spans, and where it sends logs; empty for nowhere.
        bridge: The bridge: an exporter that feeds it, too, is one too many.
    """

    def __init__(
        self, scrubbing: Scrubbing, receivers: tuple[str, str] = ("", ""), bridge: object = None
    ) -> None:
        self._scrubbing = scrubbing
        self._spans_go, self._logs_go = receivers
        self._bridge = bridge

    def cover(self, processor: SpanProcessor) -> SpanProcessor | None:
        """Return what shall stand in a span processor's place; None if nothing has to."""
        if isinstance(processor, ScrubbedProcessor) or is_own(processor):
            return processor
        places = list(_exporters(processor))
        if not places:
            return ScrubbedProcessor(processor, self._scrubbing) if _ends(processor) else processor
        is_single = len(places) == 1 and places[0].depth == 0
        if is_single and self._sends_the_same(places[0].exporter, self._spans_go):
            self._dismiss(processor, places[0])
            return None
        for place in places:
            if self._sends_the_same(place.exporter, self._spans_go):
                _say_silenced(place.exporter)
                self._replace(place, SilentExporter)
            else:
                self._replace(place, ScrubbedExporter)
        return processor

    def _dismiss(self, processor: SpanProcessor, place: "_Place") -> None:
        if is_own(place.exporter):
            return  # shutting it down would shut the bridge down
        _say_silenced(place.exporter)
        self._replace(place, ScrubbedExporter)  # for what it still holds
        _shut_down(processor)

    def cover_logs(self, processor: object) -> bool:
        """Cover a log record processor; one whose exporter cannot be found is left alone.

        Returns:
            Whether an exporter was silenced: what it sent is ours to send now.
        """
        has_silenced = False
        for place in _exporters(processor):
            if self._sends_the_same(place.exporter, self._logs_go):
                has_silenced = has_silenced or not is_own(place.exporter)
                _say_silenced(place.exporter)
                self._replace(place, SilentLogExporter)
            else:
                self._replace(place, ScrubbedLogExporter)
        return has_silenced

    def _replace(self, place: "_Place", stand_in: Callable[[Any, Scrubbing], Any]) -> None:
        is_ours = isinstance(place.exporter, _STAND_INS) or is_own(place.exporter)
        if not is_ours or stand_in in {SilentExporter, SilentLogExporter}:
            setattr(place.holder, place.name, stand_in(place.exporter, self._scrubbing))

    def _sends_the_same(self, exporter: object, receiver: str) -> bool:
        """Whether an exporter feeds the bridge, or is a stock one that sends to its receiver."""
        if is_own(exporter):
            return getattr(exporter, "bridge", None) is self._bridge
        if not receiver or not _is_stock_otlp(exporter):
            return False
        target = getattr(exporter, "_endpoint", None)
        return isinstance(target, str) and is_same_receiver(target, receiver)


def is_same_receiver(one: str, other: str) -> bool:
    """Whether two OTLP addresses are one receiver: the same host, the same port or its pair."""
    first, second = _address(one), _address(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    return first[1] == second[1] or {first[1], second[1]} == _OTLP_PORTS


def _address(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return None
    host = parts.hostname or ""
    return ("localhost" if host in {"127.0.0.1", "::1"} else host), port


class _Place:
    """An attribute of something that holds an exporter."""

    def __init__(self, holder: object, name: str, exporter: object, depth: int) -> None:
        self.holder = holder
        self.name = name
        self.exporter = exporter
        self.depth = depth


def _exporters(processor: object, depth: int = 0) -> Iterator[_Place]:
    """Yield the places of the exporters below a processor."""
    if depth > _MAX_DEPTH:
        return
    for name, value in list(getattr(processor, "__dict__", {}).items()):
        if _is_exporter(value):
            yield _Place(processor, name, value, depth)
        elif name == _BATCH_FIELD:
            inner = getattr(value, "_exporter", None)
            if inner is not None:
                yield _Place(value, "_exporter", inner, depth)
        else:
            for inner in inner_processors(value):
                yield from _exporters(inner, depth + 1)


def inner_processors(value: object) -> list[SpanProcessor]:
    """Return the span processors that an attribute of a processor holds."""
    if isinstance(value, SpanProcessor):
        return [value]
    if isinstance(value, tuple | list):
        return [item for item in value if isinstance(item, SpanProcessor)]
    return []


def _is_exporter(value: object) -> bool:
    """Recognise exporters of either signal and of any version by what they can do."""
    return callable(getattr(value, "export", None)) and callable(getattr(value, "shutdown", None))


def _ends(processor: SpanProcessor) -> bool:
    """Whether a processor does anything with ended spans."""
    return type(processor).on_end is not SpanProcessor.on_end


def _is_stock_otlp(exporter: object) -> bool:
    inner = getattr(exporter, "inner", exporter) if isinstance(exporter, _STAND_INS) else exporter
    return type(inner).__module__.startswith("opentelemetry.exporter.otlp.")


def _say_silenced(exporter: object) -> None:
    logger.info(
        "the exporter %s sends to where otel_bridge sends; it was switched off",
        type(exporter).__name__,
    )


def _shut_down(processor: SpanProcessor) -> None:
    """Let a processor send what it holds, without making anybody wait for a receiver."""
    threading.Thread(
        target=processor.shutdown, name="otel-bridge-replaced-exporter", daemon=True
    ).start()

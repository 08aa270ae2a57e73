"""Puts our span processor before all others of its provider, and keeps it there.

The SDK calls processors in the order in which they were added and has no way to ask for another.
Its list is a tuple that is replaced as a whole, under a lock: so do we.
"""

import logging
import threading
from typing import Any

from opentelemetry.sdk.trace import SpanProcessor

from otel_bridge.instrument.others import Others, inner_processors

logger = logging.getLogger("otel_bridge")

_MAX_DEPTH = 8
_MAX_PROVIDERS = 16
_PATIENCE_S = 1.0

_Lists = list[tuple[Any, tuple[SpanProcessor, ...]]]
"""Holders of processors and the tuple that each shall hold."""


OwnProcessor = SpanProcessor
"""A processor of ours."""


class Front:
    """The place before all others.

    Args:
        own: Our processor.
        others: Covers the processors that stand behind.
    """

    def __init__(self, own: OwnProcessor, others: Others) -> None:
        self._own = own
        self._others = others
        self._lock = threading.Lock()
        # By what the provider calls: it, which keeps its id its own, and what we have arranged.
        self._arranged: dict[int, tuple[object, _Lists]] = {}
        # The usual case, one provider with one list: what is asked for every span is asked of it,
        # by our processor itself, because a call would take as long as the answer.
        self.root: Any = None
        self.held: tuple[SpanProcessor, ...] | None = None

    def keep(self, root: Any) -> None:  # noqa: ANN401  # any
        """See to it that ours is first of the processors of a span.

        To be called for every span, unless ``root`` has its processors in ``held``.

        Args:
            root: What the provider calls for every span: the SDK's multi span processor.
        """
        known = self._arranged.get(id(root))
        if known is None or not _is_unchanged(known[1]):
            self.take(root)

    def keep_all(self) -> None:
        """Do the same where no provider is at hand: for all that are known."""
        for root, lists in tuple(self._arranged.values()):
            if not _is_unchanged(lists):
                self.take(root)

    def take(self, root: object) -> None:
        """Arrange the processors of a provider: ours first, the others behind it and covered."""
        # Not for ever: in a child that was forked while a thread held it, nobody lets go of it.
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return
        try:
            self._take(root)
        finally:
            self._lock.release()

    def _take(self, root: object) -> None:
        is_new = id(root) not in self._arranged
        lists: _Lists = []
        self._arrange(root, 0, lists)
        if len(self._arranged) >= _MAX_PROVIDERS:
            self._arranged.clear()
        self._arranged[id(root)] = (root, lists)
        is_usual = len(self._arranged) == 1 and [holder for holder, _ in lists] == [root]
        self.root, self.held = (root, lists[0][1]) if is_usual else (None, None)
        if not lists and is_new:
            logger.warning(
                "otel_bridge cannot put itself before the other span processors in a %s; "
                "what they export is not scrubbed by it",
                type(root).__name__,
            )

    def _arrange(self, holder: Any, depth: int, lists: _Lists) -> None:  # noqa: ANN401  # any
        """Put ours first in the list that has it, and cover all that does not lead there."""
        lock = getattr(holder, "_lock", None)
        if not isinstance(getattr(holder, "_span_processors", None), tuple) or lock is None:
            for inner in _held_by(holder):
                if self._leads_to_own(inner, depth):
                    self._arrange(inner, depth + 1, lists)
            return
        with lock:
            processors = holder._span_processors  # noqa: SLF001  # the SDK has no other way
            behind: list[SpanProcessor] = []
            for processor in processors:
                if processor is self._own:
                    continue
                if self._leads_to_own(processor, depth):
                    self._arrange(processor, depth + 1, lists)
                    behind.append(processor)
                elif (covered := self._others.cover(processor)) is not None:
                    behind.append(covered)
            own = (self._own,) if self._own in processors else ()
            holder._span_processors = (*own, *behind)  # noqa: SLF001  # as above
            lists.append((holder, holder._span_processors))  # noqa: SLF001  # as above

    def _leads_to_own(self, processor: object, depth: int) -> bool:
        if processor is self._own:
            return True
        return depth < _MAX_DEPTH and any(
            self._leads_to_own(inner, depth + 1) for inner in _held_by(processor)
        )


def _is_unchanged(lists: _Lists) -> bool:
    for holder, held in lists:  # noqa: SIM110  # asked for every span; a generator is slow
        if holder._span_processors is not held:  # noqa: SLF001  # as above
            return False
    return True


def _held_by(processor: object) -> list[SpanProcessor]:
    values = list(getattr(processor, "__dict__", {}).values())
    return [inner for value in values for inner in inner_processors(value)]

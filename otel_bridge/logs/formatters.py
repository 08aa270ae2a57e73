"""Empty defaults for our fields in formatters, so that a line without a span is still written.

``logging.Formatter(..., defaults={...})`` is the standard library's own answer to a field that not
every record has. It must be given where a formatter is made; here it is given afterwards.
"""

import logging

from otel_bridge.logs.correlation import FIELDS

_EMPTY = dict.fromkeys(FIELDS, "")
_MAX_TAUGHT = 1_000


class Teacher:
    """Gives every formatter in use an empty default for each of our fields, once."""

    def __init__(self) -> None:
        # Kept, so that no other formatter can take an id over.
        self._taught: dict[int, logging.Formatter] = {}

    def look(self) -> None:
        """Find new formatters. Called for each line, because they can come at any time."""
        taught = self._taught
        # The standard library's only list of handlers: also those behind queues and in memory.
        for reference in logging._handlerList:  # type: ignore[attr-defined]  # noqa: SLF001
            handler = reference()
            if handler is not None:
                formatter = handler.formatter
                if formatter is not None and id(formatter) not in taught:
                    self._teach(formatter)

    def _teach(self, formatter: logging.Formatter) -> None:
        if len(self._taught) >= _MAX_TAUGHT:
            self._taught.clear()
        self._taught[id(formatter)] = formatter
        style = getattr(formatter, "_style", None)
        if isinstance(style, logging.PercentStyle):
            known = style._defaults or {}  # type: ignore[attr-defined]  # noqa: SLF001  # see above
            style._defaults = {**_EMPTY, **known}  # type: ignore[attr-defined]  # noqa: SLF001

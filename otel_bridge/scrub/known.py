"""What was learned from events about others: the same texts and parts come again with each.

A memory of its own for each kind of thing, each bounded; it belongs to one set of options.
"""

from collections.abc import Callable, Iterable, Sized
from typing import TypeVar

import msgspec

from otel_bridge.scrub.names.keys import KeyRules
from otel_bridge.scrub.remembered import Remembered

MIN_TEXT_CHARS = 5
"""Nothing shorter is a secret on its own."""
MAX_TEXT_CHARS = 120
MAX_TEXTS = 8_192
MAX_LINES_CHARS = 2_000
MAX_PLACES = 4_096
"""Of lines of source and of frames: one for each place in the code; some hundred characters."""
MAX_PART_BYTES = 16_384
"""A frame with its source has one or two kilobytes, a list of packages a few."""
MAX_DEPTH = 3
"""Of objects in objects."""
MAX_IN_ALL = 2_000_000
"""Characters in one memory."""

PAIR_VALUES = ("value", "Value")
"""What stands under one of these is judged by the name that stands beside it."""
_WRAPPERS = frozenset(["stringValue", "string_value", "arrayValue", "array_value", "values"])
"""What stands under one of these is judged by the name of the object that holds it."""
_ODD_NAMES = _WRAPPERS.union(PAIR_VALUES)
_SHORT_NUMBER = 10**12
"""Numbers from here on may be those of payment cards."""
_to_json = msgspec.json.Encoder().encode

T = TypeVar("T")


class Known:
    """The memories of one engine, and what they say.

    Args:
        keys: Judges names.
        has_paths: Whether what becomes of a value depends on where it stands; then only texts
            are remembered.
    """

    def __init__(self, keys: KeyRules, *, has_paths: bool) -> None:
        self._keys = keys
        self._has_paths = has_paths
        self._texts: Remembered[str] = Remembered(MAX_TEXTS, MAX_IN_ALL, MAX_TEXT_CHARS)
        self._fields: Remembered[tuple[str, str]] = Remembered(
            MAX_TEXTS, MAX_IN_ALL, 2 * MAX_TEXT_CHARS
        )
        self._lines: Remembered[str] = Remembered(MAX_PLACES, MAX_IN_ALL, MAX_LINES_CHARS)
        self._parts: Remembered[tuple[str, bytes]] = Remembered(
            MAX_PLACES, MAX_IN_ALL, MAX_PART_BYTES
        )
        self.texts = self._texts.items
        """Texts that hold nothing, wherever they stand."""
        self.fields = self._fields.items
        """Names, each with a text that may stay under it."""
        self.lines = self._lines.items
        """Lines of source, joined."""
        self.part_texts = self._parts.items
        """Parts of events, as JSON, each with its kind."""

    def add_text(self, text: str) -> None:
        """Remember a short text in which nothing can be found: most of them come again."""
        self._texts.add(text, len(text))

    def add_field(self, name: str, text: str) -> None:
        """Remember a short text that may stay under its name, wherever that is."""
        if not self._has_paths:
            self._fields.add((name, text), len(name) + len(text))

    def add_lines(self, lines: str) -> None:
        """Remember lines of source in which nothing can be found: the same places fail again."""
        self._lines.add(lines, len(lines))

    def stays(self, name: str, value: object) -> bool:
        """Tell whether a text or an object under a name is known to stay as it is."""
        if type(value) is str:
            return (name, value) in self.fields
        return self.holds_nothing(value) and self._keys.decide(name) is None

    def holds_nothing(self, value: object, depth: int = MAX_DEPTH) -> bool:
        """Tell whether an object of texts, numbers and such objects is known to stay as it is.

        Only what stands in it was looked at, not under which name the object itself stands.
        """
        if type(value) is not dict or self._has_paths or not _ODD_NAMES.isdisjoint(value):
            return False
        fields = self.fields
        for key, inner in value.items():
            if type(inner) is str:
                if (key, inner) not in fields:
                    return False
            elif not self._may_stay(key, inner, depth):
                return False
        return True

    def parts(
        self,
        kind: str,
        values: Iterable[T],
        scrub: Callable[[T, int], T],
        remarks: Sized = (),
    ) -> list[T]:
        """Return what becomes of parts of an event, asking only once where that is what they were.

        A part is known by its JSON, which is what leaves: the same bytes hold the same secrets.

        Args:
            kind: How they are looked at: the same value may stay in one place and not in another.
            values: The parts. One in which nothing is found is returned itself, not as a copy.
            scrub: Looks at every text in a part, which it gets with its number.
            remarks: Grows whenever something is taken out.
        """
        out = []
        for place, value in enumerate(values):
            text = _as_json(value)
            if (kind, text) in self.part_texts:
                out.append(value)
                continue
            known = len(remarks)
            clean = scrub(value, place)
            if text and not self._has_paths and len(remarks) == known and clean == value:
                self._parts.add((kind, text), len(kind) + len(text))
            out.append(clean)
        return out

    def _may_stay(self, name: object, value: object, depth: int) -> bool:
        """Tell whether a value that is no text stays under a name, and the name with it."""
        if type(name) is not str or not (len(name) < MIN_TEXT_CHARS or name in self.texts):
            return False
        if value is None or type(value) is bool:
            return True
        if type(value) is int:
            stays = -_SHORT_NUMBER < value < _SHORT_NUMBER
        else:
            stays = type(value) is float or (depth > 0 and self.holds_nothing(value, depth - 1))
        return stays and self._keys.decide(name) is None


def _as_json(value: object) -> bytes:
    try:
        return _to_json(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return b""

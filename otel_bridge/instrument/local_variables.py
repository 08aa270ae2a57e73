"""Local variables as text: bounded in size, depth and time, without running the host's code."""

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType, TracebackType
from typing import TypeVar, cast

_MAX_VARIABLES = 40
_MAX_DEPTH = 3
_MAX_ITEMS = 10
_MAX_TEXT = 200
_MAX_VALUE = 500
_MAX_FRAME = 2_000
_SAFE_INT = 1 << 64

_PLAIN = frozenset({float, bool, complex, type(None), type(Ellipsis), range})
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}
_Item = TypeVar("_Item")
_mro = type.__dict__["__mro__"].__get__
_qualname = type.__dict__["__qualname__"].__get__


@dataclass(slots=True)
class LocalsBudget:
    """What reading the locals of one exception may cost.

    Args:
        known: Locals read before, by frame and place in it.
        seconds: Time that this thread works on all frames together. Nothing here waits, so time in
            which a busy machine does something else is not the reading's doing.
        characters: Text for all frames together.
    """

    known: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    seconds: float = 0.005
    characters: int = 64_000
    _deadline: float = 0.0

    def spend(self, text: int) -> bool:
        """Take something from the budget; False when it is used up."""
        now = time.thread_time()
        if not self._deadline:
            self._deadline = now + self.seconds
        self.characters -= text
        return self.characters > 0 and now < self._deadline


def local_variables(entry: TracebackType, budget: LocalsBudget) -> dict[str, str] | None:
    """Return the locals of a traceback's entry as text; None when the budget is used up."""
    key = (id(entry.tb_frame), entry.tb_lasti)
    known = budget.known.get(key)
    if known is not None:
        return known
    if not budget.spend(0):
        return None
    found: dict[str, str] = {}
    room = _MAX_FRAME
    for name, value in islice(list(entry.tb_frame.f_locals.items()), _MAX_VARIABLES):
        text = describe(value)
        room -= len(name) + len(text)
        if room < 0 or not budget.spend(len(name) + len(text)):
            break
        found[name] = text
    budget.known[key] = found
    return found


def describe(value: object) -> str:
    """Return a text like ``repr``. Objects of the host's classes are only named, never asked."""
    parts: list[str] = []
    room = _MAX_VALUE
    for part in _describe(value, _MAX_DEPTH):
        parts.append(part[:room])
        room -= len(part)
        if room <= 0:
            parts.append("...")
            break
    return "".join(parts)


def _describe(value: object, depth: int) -> Iterator[str]:
    kind = type(value)
    if kind is str or kind is bytes:
        yield _short(cast("str | bytes", value))
    elif kind is int:
        number = cast("int", value)
        yield repr(number) if -_SAFE_INT < number < _SAFE_INT else "<int, large>"
    elif kind in _PLAIN:
        yield repr(value)
    elif kind is dict:
        yield from _describe_dict(cast("dict[object, object]", value), depth)
    elif kind in _BRACKETS:
        yield from _describe_items(cast("Collection[object]", value), kind, depth)
    elif kind in {FunctionType, BuiltinFunctionType, MethodType}:
        yield f"<function {_function_name(value)}>"
    elif kind is ModuleType:
        yield f"<module {ModuleType.__getattribute__(cast('ModuleType', value), '__name__')}>"
    elif type in _mro(kind):
        yield f"<class {_qualname(value)}>"
    else:
        yield f"<{_qualname(kind)} object>"


def _short(value: str | bytes) -> str:
    if len(value) <= _MAX_TEXT:
        return repr(value)
    return f"{value[:_MAX_TEXT]!r}..."


def _function_name(value: object) -> str:
    if type(value) is MethodType:
        value = value.__func__
    # Only these two cannot have a class of the host's that computes the name.
    known = type(value) is FunctionType or type(value) is BuiltinFunctionType
    name = value.__qualname__ if known else None  # type: ignore[attr-defined]
    return name if type(name) is str else "?"


def _describe_dict(value: dict[object, object], depth: int) -> Iterator[str]:
    if depth == 0:
        yield "{...}"
        return
    yield "{"
    for index, (key, item) in enumerate(_some(value.items())):
        yield ", " if index else ""
        yield from _describe(key, 0)
        yield ": "
        yield from _describe(item, depth - 1)
    yield ", ...}" if len(value) > _MAX_ITEMS else "}"


def _describe_items(value: Collection[object], kind: type, depth: int) -> Iterator[str]:
    opening, closing = _BRACKETS[kind]
    if depth == 0:
        yield f"{opening}...{closing}"
        return
    yield opening
    for index, item in enumerate(_some(value)):
        yield ", " if index else ""
        yield from _describe(item, depth - 1)
    if len(value) > _MAX_ITEMS:
        yield ", ..."
    elif len(value) == 1 and kind is tuple:
        yield ","
    yield closing


def _some(items: Iterable[_Item]) -> list[_Item]:
    """Return the first items; none if another thread changes the collection meanwhile."""
    try:
        return list(islice(items, _MAX_ITEMS))
    except RuntimeError:
        return []

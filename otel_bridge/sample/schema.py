"""Read frozen dataclasses from plain tables, and say all that is wrong with a table at once.

The annotations of a class are its schema: types, ranges (``msgspec.Meta``) and defaults.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from otel_bridge.errors import ConfigError

T = TypeVar("T")

Reader = Callable[[object, str], object]
"""Turns a plain value, found at a place, into the value of an option; raises ConfigError."""


def read(kind: type[T], value: object, where: str, readers: Mapping[Any, Reader] = {}) -> T:
    """Build an options value from a table.

    Args:
        kind: A dataclass.
        value: The table; a value of ``kind`` is returned as it is.
        where: The place of the table, for messages.
        readers: How annotations that are neither plain nor dataclasses are read.

    Raises:
        ConfigError: Every problem in the table and the tables below it.
    """
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        raise ConfigError([f"{where}: found {value!r}, wanted a table"])
    hints = _hints(kind)
    problems = [_unknown(key, where, hints) for key in value if key not in hints]
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]  # only dataclasses come here
        if field.name not in value:
            problems += _missing(field, where)
            continue
        try:
            found[field.name] = _read_as(
                hints[field.name], value[field.name], f"{where}.{field.name}", readers
            )
        except ConfigError as error:
            problems += error.problems
    if not problems:
        try:
            return kind(**found)
        except ConfigError as error:
            problems += [f"{where}.{problem}" for problem in error.problems]
    raise ConfigError(problems)


def check(options: object) -> None:
    """Hold an options value against its own annotations; for ``__post_init__``.

    Raises:
        ConfigError: Every field that is not what its annotation says.
    """
    problems: list[str] = []
    for name, hint in _hints(type(options)).items():
        value = getattr(options, name)
        if not _holds_dataclasses(hint):
            problems += _plain_problems(hint, value, name)
    if problems:
        raise ConfigError(problems)


def _read_as(hint: Any, value: object, where: str, readers: Mapping[Any, Reader]) -> object:  # noqa: ANN401 - an annotation
    if hint in readers:
        return readers[hint](value, where)
    if is_dataclass(hint) and isinstance(hint, type):
        return read(hint, value, where, readers)
    if isinstance(hint, UnionType) and type(None) in get_args(hint):
        if value is None:
            return None
        (only,) = (part for part in get_args(hint) if part is not type(None))
        return _read_as(only, value, where, readers)
    if get_origin(hint) is tuple and _holds_dataclasses(hint):
        return _read_each(get_args(hint)[0], value, where, readers)
    if problems := list(_plain_problems(hint, value, where)):
        raise ConfigError(problems)
    return msgspec.convert(value, hint)


def _read_each(
    hint: Any,  # noqa: ANN401 - an annotation
    value: object,
    where: str,
    readers: Mapping[Any, Reader],
) -> tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise ConfigError([f"{where}: found {value!r}, wanted a list of tables"])
    problems: list[str] = []
    found = []
    for index, item in enumerate(value):
        try:
            found.append(_read_as(hint, item, f"{where}[{index}]", readers))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return tuple(found)


def _plain_problems(hint: Any, value: object, where: str) -> Iterator[str]:  # noqa: ANN401 - an annotation
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        yield f"{where}: found {value!r}, {str(error)[0].lower()}{str(error)[1:]}"


def _holds_dataclasses(hint: Any) -> bool:  # noqa: ANN401 - an annotation
    return is_dataclass(hint) or any(_holds_dataclasses(part) for part in get_args(hint))


def _missing(field: "Field[Any]", where: str) -> Iterator[str]:
    if field.default is MISSING and field.default_factory is MISSING:
        yield f"{where}.{field.name}: missing"


def _unknown(key: object, where: str, hints: Mapping[str, Any]) -> str:
    close = get_close_matches(str(key), hints, n=1)
    hint = f"did you mean {close[0]}?" if close else f"wanted one of {', '.join(sorted(hints))}"
    return f"{where}.{key}: no such option; {hint}"


def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any class
    return get_type_hints(kind, include_extras=True)

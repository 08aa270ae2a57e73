"""The configuration file: TOML, or YAML by its ending."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

MAX_BYTES = 1024 * 1024
"""Nobody writes that much; something that much is not a configuration file."""

_SIGN = 3
_YAML_MISSING = "reading YAML needs one more package: pip install 'otel-bridge[yaml]'"


class Unreadable(Exception):
    """The file cannot be used; the message names it and says why."""


def read_file(path: str, variable: str) -> Mapping[str, object]:
    """Return the top-level table of a configuration file.

    Args:
        path: The file; ``.yaml`` and ``.yml`` are YAML, anything else is TOML.
        variable: What names the file, for messages.

    Raises:
        Unreadable: It cannot be read, is too large, or is not what its name says.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{variable}: cannot read {path}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{path}: wanted at most {MAX_BYTES} bytes")
    is_yaml = path.lower().endswith((".yaml", ".yml"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8 text, at byte {error.start}") from None
    table = (_from_yaml if is_yaml else _from_toml)(text, path)
    if not isinstance(table, Mapping) or not all(isinstance(key, str) for key in table):
        raise Unreadable(f"{path}: wanted names and values")
    return table


def _from_toml(text: str, path: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: not a TOML file: {error}") from None


def _from_yaml(text: str, path: str) -> object:
    safe_load = _yaml()
    try:
        table = safe_load(text)
    except Exception as error:  # noqa: BLE001  # of all kinds, where a value is not of its tag's type
        raise Unreadable(f"{path}: not a YAML file{_place_of(error)}") from None
    return {} if table is None else table


def _place_of(error: Exception) -> str:
    """Return what is wrong and where. Not the error's own text: it quotes lines with secrets."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    if not isinstance(problem, str) or mark is None:
        return ""
    # Between apostrophes there are signs, names of signs, and what the file has.
    parts = problem.partition(": ")[0].split("'")
    parts[1::2] = [part if len(part) < _SIGN or part[0] == "<" else "..." for part in parts[1::2]]
    said = "'".join(parts)
    return f": {said} (at line {mark.line + 1}, column {mark.column + 1})"


def _yaml() -> Callable[[str], object]:
    try:
        import yaml  # noqa: PLC0415  # an extra
    except ImportError:
        raise Unreadable(_YAML_MISSING) from None
    return yaml.safe_load

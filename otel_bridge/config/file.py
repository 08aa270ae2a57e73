"""The configuration file: TOML, or YAML by its ending."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

MAX_BYTES = 1024 * 1024
"""Nobody writes that much; something that much is not a configuration file."""

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
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{path}: not a TOML file: {error}") from None


def _from_yaml(text: str, path: str) -> object:
    safe_load, fault = _yaml()
    try:
        table = safe_load(text)
    except fault as error:
        said = " ".join(str(error).split())
        raise Unreadable(f"{path}: not a YAML file: {said}") from None
    return {} if table is None else table


def _yaml() -> tuple[Callable[[str], object], type[Exception]]:
    try:
        import yaml  # noqa: PLC0415  # an extra
    except ImportError:
        raise Unreadable(_YAML_MISSING) from None
    return yaml.safe_load, yaml.YAMLError

"""Reads options that are lists of tables: in code, in a file, or as JSON in the environment."""

import json
from typing import Any

from otel_bridge.errors import ConfigError


def tables_from(option: str, value: object) -> list[Any] | tuple[Any, ...]:
    """Return the list, decoded if it is text; what its items are is not looked at.

    Args:
        option: The name of the option, for the error.
        value: What was set.

    Raises:
        ConfigError: It is no list, or text that is not JSON.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise ConfigError([f"{option}: wanted JSON, found: {error}"]) from None
    if not isinstance(value, list | tuple):
        raise ConfigError([f"{option}: wanted a list of tables"])
    return value

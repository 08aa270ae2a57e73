"""The options of sampling as a file, the environment and keyword arguments write them."""

import json
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from otel_bridge.errors import ConfigError
from otel_bridge.sample.options import (
    BudgetOptions,
    SamplingOptions,
    read_budget,
    read_sampling,
)

OFF = "off"
_OFF_WORDS = frozenset({OFF, "none", "false", "no", "0"})


def sampling_from(value: object) -> SamplingOptions:
    """Return the sampling options for a table, or for its JSON text.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    return read_sampling(_table("sampling", value))


def budget_from(value: object) -> BudgetOptions | None:
    """Return the options of the error budget; None, False and ``"off"`` switch it off.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    if value is None or value is False:
        return None
    if isinstance(value, str) and value.strip().lower() in _OFF_WORDS:
        return None
    if isinstance(value, BudgetOptions):
        return value
    return read_budget(_table("error_budget", value))


READERS: Mapping[str, Callable[[object], object]] = {
    "sampling": sampling_from,
    "error_budget": budget_from,
}
"""Options that know themselves how they are read."""

NONE_IS_A_VALUE = frozenset({"error_budget"})
"""Options for which None is not the same as not given."""


def resource_attributes(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what ``OTEL_RESOURCE_ATTRIBUTES`` says: ``key=value`` pairs, percent-encoded."""
    pairs = (
        part.partition("=") for part in environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(",")
    )
    return {
        key.strip(): unquote(value.strip())
        for key, equals, value in pairs
        if equals and key.strip()
    }


def _table(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ConfigError([f"{name}: not JSON: {error.msg} at character {error.pos}"]) from None

"""The option ``scrub`` as a file, the environment and keyword arguments write it."""

import json
from collections.abc import Callable, Mapping

from otel_bridge.errors import ConfigError
from otel_bridge.sample.schema import read
from otel_bridge.scrub.options import ScrubOptions

PRESETS = ("off", "keys", "default", "strict")


def scrub_from(value: object) -> ScrubOptions | str:
    """Return the name of a preset, or scrub options for a table or its JSON text.

    Raises:
        ConfigError: Every problem, each with its place; never a key.
    """
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise ConfigError([f"scrub: wanted JSON, found: {error}"]) from None
    if value is False:  # YAML reads a bare ``off`` as that
        value = "off"
    if isinstance(value, str):
        if value not in PRESETS:
            raise ConfigError(
                [f"scrub: found {value!r}; wanted a table or one of {', '.join(PRESETS)}"]
            )
        return value
    try:
        return read(ScrubOptions, value, "scrub")
    except ConfigError as error:
        raise ConfigError([_tidy(problem) for problem in error.problems]) from None


def _tidy(problem: str) -> str:
    """Take away a place that is named twice, and the value of a key."""
    problem = problem.replace("scrub.scrub.", "scrub.", 1)
    if problem.startswith("scrub.hmac_key: found"):
        return "scrub.hmac_key: wanted text"
    return problem


READERS: Mapping[str, Callable[[object], object]] = {"scrub": scrub_from}
"""Options that know themselves how they are read."""

"""What a tail policy can ask of a trace. Values only; ``matching`` makes them work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from otel_bridge.errors import ConfigError
from otel_bridge.sample.schema import Reader, check, read

Rate = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]
Text = Annotated[str, Meta(min_length=1)]
RareKey = Literal["service", "name", "kind", "status", "http_status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """Every trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """No trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A span has status ERROR or, with ``exceptions``, an event named ``exception``."""

    exceptions: bool = True

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCode:
    """A span has one of these statuses."""

    codes: Annotated[tuple[Literal["unset", "ok", "error"], ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """From the first start to the last end, a trace takes at least this many milliseconds.

    ``routes`` has other minima by glob of the local root's ``http.route`` (or name); the first
    glob that fits counts.
    """

    min_ms: Annotated[float, Meta(ge=0)]
    max_ms: Positive | None = None
    routes: Mapping[Text, Annotated[float, Meta(ge=0)]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self)
        if self.max_ms is not None and self.max_ms < self.min_ms:
            raise ConfigError([f"max_ms: found {self.max_ms}, wanted at least min_ms"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute is there and, if they are given, fits a glob or lies within bounds.

    ``name`` and ``service.name`` may be asked for like attributes.
    """

    key: Text
    values: tuple[Text, ...] = ()
    """Globs; numbers and booleans are compared as text (``"200"``, ``"true"``)."""
    min: float | None = None
    max: float | None = None
    on: Literal["any", "root", "resource"] = "any"
    """On any span or its resource, on the local root's span only, or on a resource only."""

    def __post_init__(self) -> None:
        check(self)
        if self.values and (self.min is not None or self.max is not None):
            raise ConfigError([f"values: found {self.values!r}, wanted values or bounds"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilistic:
    """This share of all traces: of what the services made, not of what is left of it."""

    rate: Rate

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """As many as fit in a budget; the share follows the load, so that counts extrapolate.

    Stands alone or in an ``And``, and is drawn from once everything else is known.
    """

    spans_per_second: Positive | None = None
    bytes_per_second: Positive | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.spans_per_second is None and self.bytes_per_second is None:
            raise ConfigError(["spans_per_second: missing, wanted it or bytes_per_second"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """The first of its signature within a window of time."""

    window_s: Positive = 300.0
    by: Annotated[tuple[RareKey, ...], Meta(min_length=1)] = ("service", "name", "status")
    """Facts of the local root that make up the signature; ``name`` is its route, else its name."""
    max_signatures: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of these, with the lowest of their probabilities."""

    of: "tuple[Condition, ...]"

    def __post_init__(self) -> None:
        if not self.of:
            raise ConfigError(["of: found nothing, wanted at least one condition"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Any of these, with the highest of their probabilities."""

    of: "tuple[Condition, ...]"

    def __post_init__(self) -> None:
        if not self.of:
            raise ConfigError(["of: found nothing, wanted at least one condition"])
        if any(map(budgets_of, self.of)):
            raise ConfigError(["of: found a rate_limit, which can only stand alone or in an and"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """What this is not. It cannot be asked of something that has a probability."""

    of: "Condition"

    def __post_init__(self) -> None:
        if not is_certain(self.of):
            raise ConfigError(
                ["of: found a share of traces, wanted a condition that is or is not"]
            )


Condition = (
    Always | Never | Error | StatusCode | Latency | Attribute | Probabilistic | RateLimit | Rare
    | And | Or | Not
)  # fmt: skip

TYPES: Mapping[str, type[Condition]] = {
    "always": Always,
    "never": Never,
    "error": Error,
    "status_code": StatusCode,
    "latency": Latency,
    "attribute": Attribute,
    "probabilistic": Probabilistic,
    "rate_limit": RateLimit,
    "rare": Rare,
    "and": And,
    "or": Or,
    "not": Not,
}
"""What ``type`` is called in a configuration file."""


def is_certain(condition: Condition) -> bool:
    """Return whether a trace either fits or does not, whatever its randomness and the load."""
    match condition:
        case Probabilistic() | RateLimit() | Rare():
            return False
        case And(of=parts) | Or(of=parts):
            return all(map(is_certain, parts))
        case _:
            return True


def keeps_whole(condition: Condition) -> bool:
    """Return whether all that fits this condition fits it with certainty."""
    match condition:
        case Probabilistic() | RateLimit():
            return False
        case And(of=parts) | Or(of=parts):
            return all(map(keeps_whole, parts))
        case _:
            return True


def budgets_of(condition: Condition) -> "tuple[RateLimit, ...]":
    """Return the budgets that a condition draws from."""
    match condition:
        case RateLimit():
            return (condition,)
        case And(of=parts):
            return tuple(budget for part in parts for budget in budgets_of(part))
        case _:
            return ()


def read_condition(value: object, where: str, also: tuple[str, ...] = ()) -> Condition:
    """Build a condition from a table with a ``type``.

    Args:
        value: The table; a condition is returned as it is.
        where: The place of the table, for messages.
        also: Types that somebody else reads, for messages.

    Raises:
        ConfigError: Every problem in it.
    """
    if isinstance(value, Condition):
        return value
    if not isinstance(value, Mapping):
        raise ConfigError([f"{where}: found {value!r}, wanted a table with a type"])
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        wanted = ", ".join((*TYPES, *also))
        raise ConfigError([f"{where}.type: found {kind!r}, wanted one of {wanted}"])
    rest = {key: item for key, item in value.items() if key != "type"}
    return read(TYPES[kind], rest, where, READERS)


READERS: Mapping[object, Reader] = {Condition: read_condition}

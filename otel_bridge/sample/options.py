"""What the sampling stage may be told, checked once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from otel_bridge.errors import ConfigError
from otel_bridge.sample.conditions import Always, Condition, Positive, Rate, Text, read_condition
from otel_bridge.sample.schema import Reader, check, read

MIB = 1024 * 1024

SpanKindName = Literal["internal", "server", "client", "producer", "consumer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRule:
    """A share of the traces whose first span fits; what is not given fits everything.

    Globs know ``*`` and ``?``. Only what is known when a span starts can be asked for.
    """

    rate: Rate
    name: Text | None = None
    """Glob of the span's name."""
    kind: SpanKindName | None = None
    attributes: Mapping[Text, Text] = field(default_factory=dict)
    """Globs by attribute key; numbers and booleans are compared as text."""
    service: Text | None = None
    environment: Text | None = None
    entry: bool = False
    """Apply to spans with a remote parent too; that can only lower what the parent decided."""
    label: str = ""
    """What the rule is called in the reason of a span; its position by default."""

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadOptions:
    """How the sampler decides when a trace starts."""

    rate: Rate = 1.0
    """Of traces that no rule and no ``traces_sampler`` decides about."""
    rules: tuple[HeadRule, ...] = ()
    """The first that fits decides."""
    record_errors: bool = True
    """Record unsampled spans, so that their exceptions still become error events."""

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A budget over everything that the tail sampler keeps."""

    spans_per_second: Positive | None = None
    bytes_per_second: Positive | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.spans_per_second is None and self.bytes_per_second is None:
            raise ConfigError(["spans_per_second: missing, wanted it or bytes_per_second"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StressOptions:
    """When the buffer is nearly full, new traces are decided by their randomness alone."""

    rate: Annotated[float, Meta(gt=0, le=1)] = 0.01
    """The share kept then; also of traces that must leave the buffer before their time."""
    activate: Annotated[float, Meta(gt=0, le=1)] = 0.9
    """Fill of the buffer that switches it on."""
    deactivate: Annotated[float, Meta(ge=0, le=1)] = 0.75
    """Fill that switches it off again."""
    min_s: Annotated[float, Meta(ge=0, le=3600)] = 10.0
    """Seconds that it lasts at least."""

    def __post_init__(self) -> None:
        check(self)
        if self.deactivate > self.activate:
            raise ConfigError([f"deactivate: found {self.deactivate}, wanted at most activate"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A condition, and what becomes of the traces that meet it."""

    name: Text
    condition: Condition = field(default_factory=Always)
    rate: Rate = 1.0
    """The share that is kept."""
    drop: bool = False
    """Keep none. Unlike a rate of 0, it also wins over better matches (``match = "best"``)."""

    def __post_init__(self) -> None:
        if not isinstance(self.condition, Condition):
            raise ConfigError([f"condition: found {self.condition!r}, wanted a condition"])
        check(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class TailOptions:
    """How whole traces are judged, and how much of them is held until then."""

    policies: tuple[Policy, ...]
    match: Literal["first", "best"] = "first"
    """The first policy that fits decides, or the one with the highest rate (a drop wins)."""
    decide_on: Literal["local_root", "root"] = "local_root"
    """What ends a trace: the end of a span without a parent in its process, or without any."""
    grace_s: Annotated[float, Meta(ge=0, le=60)] = 1.0
    """Seconds for spans that end after their root."""
    max_wait_s: Annotated[float, Meta(gt=0, le=3600)] = 30.0
    """Seconds after a trace's first span at which it is judged whatever is missing."""
    max_bytes: Annotated[int, Meta(ge=MIB, le=1 << 40)] = 64 * MIB
    """Memory: three quarters for traces that wait, the rest for decisions that are remembered."""
    max_traces: Annotated[int, Meta(ge=1, le=100_000_000)] = 50_000
    max_spans_per_trace: Annotated[int, Meta(ge=1, le=1_000_000)] = 5_000
    """A trace with more is judged by what is there; what follows, follows."""
    max_bytes_per_trace: Annotated[int, Meta(ge=1024, le=1 << 40)] = 8 * MIB
    remember_s: Annotated[float, Meta(gt=0, le=86_400)] = 120.0
    """Seconds that a decision is remembered, for late spans, if there is room."""
    limit: Limit | None = None
    stress: StressOptions = field(default_factory=StressOptions)
    annotate: bool = True
    """Write ``sampling.reason``, ``sampling.rate`` and ``ot=th`` on kept spans."""
    assume_all_upstream: bool = False
    """Take spans without ``ot=th`` as sampled at 100 %, so that ``th`` can be written on them."""
    shadow: bool = False
    """Judge and count, but let everything pass as it is."""

    def __post_init__(self) -> None:
        problems = [] if self.policies else ["policies: found none, wanted at least one"]
        names = [policy.name for policy in self.policies]
        problems += [
            f"policies: found two named {name!r}, wanted different names"
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        check(self)
        if problems:
            raise ConfigError(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedOptions:
    """Requests, errors and durations by service and route, counted before anything is dropped."""

    max_series: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    """Combinations of service, kind, route and outcome; the others are counted together."""
    buckets_ms: Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=64)] = (
        5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
    )  # fmt: skip  # the boundaries that the HTTP semantic conventions advise
    interval_s: Annotated[float, Meta(ge=1, le=3600)] = 60.0
    """Seconds between two exports."""
    extrapolate: bool = False
    """Count a span with ``ot=th`` as 1/probability: for spans that were sampled elsewhere."""

    def __post_init__(self) -> None:
        check(self)
        if list(self.buckets_ms) != sorted(set(self.buckets_ms)):
            raise ConfigError([f"buckets_ms: found {self.buckets_ms}, wanted rising numbers"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingOptions:
    """All of the sampling of traces."""

    head: HeadOptions | None = None
    tail: TailOptions | None = None
    red: RedOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetOptions:
    """How many error events of one kind may leave.

    Events of one fingerprint draw from a bucket. When it is empty, the next ``first`` events pass
    still, and then one in two, four, eight … each time their number has doubled; that starts anew
    when the bucket is full again.
    """

    burst: Annotated[int, Meta(ge=1, le=1_000_000)] = 60
    """Events that the bucket holds."""
    per_minute: Annotated[float, Meta(ge=0, le=1_000_000)] = 60.0
    """Events that flow in."""
    first: Annotated[int, Meta(ge=1, le=1_000_000)] = 10
    max_fingerprints: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    """Kinds that are told apart; of more, those not seen for longest are forgotten."""

    def __post_init__(self) -> None:
        check(self)


def read_sampling(value: object, where: str = "sampling") -> SamplingOptions:
    """Build sampling options from a plain table, as a configuration file holds it.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    return read(SamplingOptions, value, where, _READERS)


def read_budget(value: object, where: str = "error_budget") -> BudgetOptions:
    """Build the options of the error budget from a plain table.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    return read(BudgetOptions, value, where)


def read_head(value: object, where: str = "sampling.head") -> HeadOptions:
    """Build the options of the head sampler from a plain table.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    return read(HeadOptions, value, where)


def read_policy(value: object, where: str) -> Policy:
    """Build a policy from a table: its name and rate beside the keys of its condition.

    ``type = "drop"`` drops what meets the condition ``of``, or everything.

    Raises:
        ConfigError: Every problem in it.
    """
    if isinstance(value, Policy):
        return value
    if not isinstance(value, Mapping):
        raise ConfigError([f"{where}: found {value!r}, wanted a table"])
    own = {key: value[key] for key in ("name", "rate") if key in value}
    asked = {key: item for key, item in value.items() if key not in own}
    problems: list[str] = []
    condition: Condition = Always()
    if asked.get("type") == "probabilistic":
        # A policy has a rate of its own; it only must not be forgotten.
        problems += [] if "rate" in own else [f"{where}.rate: missing"]
        del asked["type"]
    drop = asked.get("type") == "drop"
    if drop:
        problems += [
            f"{where}.{key}: no such option of type drop"
            for key in asked
            if key not in ("type", "of")
        ]
        asked = {"of": asked["of"]} if "of" in asked else {}
    try:
        if drop and asked:
            condition = read_condition(asked["of"], f"{where}.of")
        elif asked:
            condition = read_condition(asked, where, ("drop",))
    except ConfigError as error:
        problems += error.problems
    try:
        policy = read(Policy, {**own, "drop": drop, "condition": condition}, where, _READERS)
    except ConfigError as error:
        problems += error.problems
    if problems:
        raise ConfigError(problems)
    return policy


_READERS: Mapping[object, Reader] = {Condition: read_condition, Policy: read_policy}

"""Consistent probability sampling: thresholds, randomness and the ``ot`` entry of tracestate.

Arithmetic and syntax of the OpenTelemetry specification, "TraceState: Probability Sampling"
(https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/). Everybody who
compares the same randomness with his own threshold keeps a subset or a superset of what others
keep, never something unrelated.
"""

from typing import NamedTuple

NEVER = 1 << 56
"""The threshold that no randomness reaches. The one that all reach is 0."""

RANDOM_BITS = NEVER - 1
"""The bits of a trace id, as a number, that are its randomness."""

_DIGITS = 14
_PRECISION = 5
"""Hexadecimal digits after the leading ``f`` ones: rates are exact to one part in 65 536."""
_MAX_LENGTH = 256
"""The longest value of a tracestate entry (W3C Trace Context, section 3.3.1.3.2)."""
_HEX = frozenset("0123456789abcdef")


class OtState(NamedTuple):
    """What the ``ot`` entry of a tracestate says."""

    threshold: int | None = None
    """``th``: what an upstream sampler compared with; None when the probability is unknown."""
    randomness: int | None = None
    """``rv``: the randomness to use instead of the trace id's."""
    rest: tuple[str, ...] = ()
    """Sub-keys that we do not know, as they came."""


NOTHING = OtState()


def threshold_of(rate: float) -> int:
    """Return the threshold for a rate from 0 to 1, rounded so that ``th`` stays short.

    A rate below 2**-56 counts as 0.
    """
    return rounded(exact_threshold_of(rate))


def exact_threshold_of(rate: float) -> int:
    """Return the threshold that ``rate`` was made of by ``rate_of``, but for its last bits."""
    return NEVER - round(rate * NEVER)


def rounded(threshold: int) -> int:
    """Return a threshold close by that is written with fewer digits."""
    if threshold in (0, NEVER):
        return threshold
    digits = f"{threshold:014x}"
    kept = len(digits) - len(digits.lstrip("f")) + _PRECISION
    if kept >= _DIGITS:
        return threshold
    step = 1 << 4 * (_DIGITS - kept)
    # Rounding up must not turn the smallest rates into none at all.
    return min((threshold + step // 2) // step * step, NEVER - 1)


def rate_of(threshold: int) -> float:
    """Return the probability that a threshold stands for."""
    return (NEVER - threshold) / NEVER


def randomness_of(trace_id: bytes) -> int:
    """Return the randomness of a trace id: its last seven bytes."""
    return int.from_bytes(trace_id[-7:], "big")


def parse_ot(value: str) -> OtState:
    """Read the value of the ``ot`` entry; what is malformed counts as not there."""
    if not value or len(value) > _MAX_LENGTH:
        return NOTHING
    threshold = randomness = None
    rest = []
    for member in value.split(";"):
        key, _, text = member.partition(":")
        if key == "th":
            threshold = _parse_threshold(text)
        elif key == "rv":
            randomness = int(text, 16) if len(text) == _DIGITS and _HEX.issuperset(text) else None
        elif member:
            rest.append(member)
    return OtState(threshold, randomness, tuple(rest))


def format_ot(state: OtState) -> str:
    """Return the value of the ``ot`` entry, empty when there is nothing to say.

    Sub-keys of others that do not fit into 256 characters are left out, the last ones first.
    """
    parts = []
    if state.threshold is not None and state.threshold < NEVER:
        parts.append(f"th:{format_threshold(state.threshold)}")
    if state.randomness is not None:
        parts.append(f"rv:{state.randomness:014x}")
    parts += state.rest
    while sum(map(len, parts)) + len(parts) - 1 > _MAX_LENGTH:
        parts.pop()
    return ";".join(parts)


def format_threshold(threshold: int) -> str:
    """Return 1 to 14 hexadecimal digits without trailing zeros."""
    return f"{threshold:014x}".rstrip("0") or "0"


def _parse_threshold(text: str) -> int | None:
    if not 0 < len(text) <= _DIGITS or not _HEX.issuperset(text):
        return None
    return int(text, 16) << 4 * (_DIGITS - len(text))

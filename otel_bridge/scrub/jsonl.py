"""Scrubs one line of JSON Lines: what nothing can be found in passes byte for byte."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from otel_bridge.errors import ReceiveError
from otel_bridge.scrub import surrogates
from otel_bridge.scrub.rule import Finding
from otel_bridge.scrub.scrubber import Scrubber

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def scrub_line(line: bytes, scrubber: Scrubber) -> tuple[bytes, list[Finding]]:
    """Return the line without secrets, and what was found; line ends are not part of it.

    Raises:
        ReceiveError: The line is not JSON.
    """
    try:
        value, encode = _decoded(line)
    except (msgspec.DecodeError, ValueError) as error:
        raise ReceiveError(f"wanted JSON, found: {error}") from None
    except RecursionError:
        raise ReceiveError("wanted JSON that is nested less deeply") from None
    # What is escaped is not seen as it is: `\n` ends a line, and `token\t` is no `tokent`.
    if b"\\" not in line and scrubber.is_clean(line):
        return line, []
    clean, findings = scrubber.value(value)
    # Written anew even without a finding: of a key that repeats only the last value was looked at.
    return encode(clean), findings


def _decoded(line: bytes) -> tuple[Any, Callable[[Any], bytes]]:
    """Return the value of a line, and what writes such values."""
    try:
        return _DECODER.decode(line), _ENCODER.encode
    except msgspec.DecodeError:
        if not surrogates.may_hold_surrogates(line):
            raise
    return surrogates.decode(line), surrogates.encode

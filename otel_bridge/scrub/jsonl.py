"""Scrubs one line of JSON Lines: what nothing can be found in passes byte for byte."""

from decimal import Decimal

import msgspec

from otel_bridge.errors import ReceiveError
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
        value = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReceiveError(f"wanted JSON, found: {error}") from None
    except RecursionError:
        raise ReceiveError("wanted JSON that is nested less deeply") from None
    # What is escaped is not seen as it is: `\n` ends a line, and `token\t` is no `tokent`.
    if b"\\" not in line and scrubber.is_clean(line):
        return line, []
    clean, findings = scrubber.value(value)
    # Written anew even without a finding: of a key that repeats only the last value was looked at.
    return _ENCODER.encode(clean), findings

"""The exceptions that otel_bridge raises, by what their catcher can do about them.

OtelBridgeError
├── ConfigError        you wrote an option wrongly; every problem is listed at once
├── ReceiveError       the bytes are not the telemetry they claim to be; the same bytes fail again
│   └── TooLarge       they are larger than the limit that was set
└── MissingComponent   something optional is not installed; the message says what to install
"""

from collections.abc import Sequence


class OtelBridgeError(Exception):
    """Base of every exception that this package raises on purpose."""


class ConfigError(OtelBridgeError):
    """One or more options cannot be used.

    Args:
        problems: One line each: where, what was found, what was wanted. Never a secret value.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class ReceiveError(OtelBridgeError):
    """The input is not what it claims to be.

    Args:
        what: What was found and what was wanted, as a lower-case fragment.
        where: The place in the input, such as ``"byte 17"`` or ``"resourceSpans[0].scopeSpans"``.
    """

    status_hint = 400
    """The HTTP status that a server should answer with."""

    def __init__(self, what: str, where: str = "") -> None:
        self.what = what
        self.where = where
        super().__init__(f"{what} at {where}" if where else what)


class TooLarge(ReceiveError):
    """The input is larger than its limit, before or after decompression."""

    status_hint = 413


class MissingComponent(OtelBridgeError):
    """An optional part is not installed; the message names the command that installs it."""

"""What was read from an exception object while it was still there: plain data."""

from msgspec import Struct


class LiveFrame(Struct, frozen=True):
    """One entry of a traceback."""

    abs_path: str
    lineno: int
    function: str
    module: str | None
    vars: dict[str, str] | None = None


class LiveError(Struct, frozen=True):
    """One exception of a chain, with the numbers that the native SDK would give it."""

    type: str
    module: str | None
    message: str
    frames: tuple[LiveFrame, ...]
    source: str | None = None
    """How its parent holds it: ``__cause__``, ``__context__``, ``exceptions[0]``."""
    exception_id: int | None = None
    parent_id: int | None = None
    is_group: bool = False
    errno: int | None = None


class LiveException(Struct, frozen=True):
    """An exception with everything it brings: the one that was thrown is the last."""

    errors: tuple[LiveError, ...]
    kind: type[BaseException] | None = None
    """The class of the thrown exception."""
    exception: BaseException | None = None
    """The object itself, only where the user's ``before_send`` may want to see it."""

"""PHP stacks: OpenTelemetry's own format, close to Java's, and ``#0 file(line)``."""

from itertools import pairwise

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace import java
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_ERRORS,
    MAX_FRAMES,
    Chain,
    CodeRules,
    ParsedError,
    lines_of,
    number,
    slashed,
)

_STACK = "Stack trace:"
_NEXT = "Next "
_UNCAUGHT = ("PHP Fatal error:  Uncaught ", "Fatal error: Uncaught ", "Uncaught ")


def parse(text: str, message: str = "") -> Chain:
    """Return the exceptions of a text, the oldest cause first; none if there is no frame."""
    if "#0 " in text and (".php" in text or "{main}" in text):
        return _parse_native(text, message)
    chain = java.parse_with(_otel_frame, text, message)
    for error in chain:
        error.type = error.type.replace(".", "\\")
        for frame in error.frames:
            holder = (frame.module or "").replace(".", "\\")
            frame.function = f"{holder}::{frame.function}" if holder else frame.function
            frame.module = None
    return chain


def recognizes(text: str) -> bool:
    """Whether this looks like a PHP stack."""
    head = text[:8192]
    return ("#0 " in head and (".php(" in head or "{main}" in head)) or ".php:" in head


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the full name, as the native SDK does."""
    return None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill file name and whose code it is."""
    path = frame.abs_path or ""
    frame.filename = frame.filename or path or None
    listed = rules.listed((frame.function or "").partition("::")[0].replace("\\", "."))
    inside = "/vendor/" not in slashed(path) and path != "[internal function]"
    inside = inside and not (frame.function or "").startswith(("OpenTelemetry\\", "Sentry\\"))
    frame.in_app = inside if listed is None else listed


def _otel_frame(call: str) -> Frame | None:
    """Read ``Ns.Class.method(File.php:12)``, ``function(File.php:12)``, ``{main}(File.php:3)``."""
    frame = java.read_frame(call)
    if frame is None and not call.startswith("."):
        frame = java.read_frame(f".{call}")
    return frame


def _parse_native(text: str, message: str) -> Chain:
    """Read ``Type: message in file:line``, then the calls; causes come first."""
    chain: Chain = []
    headline: list[str] = []
    for line in lines_of(text, message):
        frame = _call(line) if line.startswith("#") else None
        if frame is None:
            if line != _STACK and not line.startswith("#"):
                headline.append(line)
            continue
        if headline or not chain:
            if len(chain) >= MAX_ERRORS:
                break
            chain.append(_begin(headline))
            headline = []
        if len(chain[-1].frames) < MAX_FRAMES:
            chain[-1].frames.append(frame)
    for error in chain:
        _shift(error)
    if message and chain and "\n" in message:
        chain[-1].message = message
    return chain if any(error.frames for error in chain) else []


def _begin(headline: list[str]) -> ParsedError:
    text = "\n".join(line for line in headline if line).strip()
    for prefix in (*_UNCAUGHT, _NEXT):
        text = text.removeprefix(prefix)
    kind, colon, rest = text.partition(": ")
    message, found, place = rest.rpartition(" in ")
    path, _, digits = place.rpartition(":")
    error = ParsedError(type=kind, message=rest, is_complete=bool(colon))
    if found and number(digits) is not None:
        error.message = message
        error.frames.append(Frame(abs_path=path, lineno=number(digits)))
    return error


def _shift(error: ParsedError) -> None:
    """Give each place the function around it: a line names what was called there."""
    frames = error.frames
    if frames and frames[0].function is None:
        for frame, called in pairwise(frames):
            frame.function = called.function
        frames[-1].function = None
        if frames[-1].abs_path is None:
            frames.pop()
    frames.reverse()


def _call(line: str) -> Frame | None:
    r"""Read ``#0 /p/f.php(12): Ns\Class->method(args)``; ``{main}`` has no place."""
    index, space, rest = line[1:].partition(" ")
    if number(index) is None or not space:
        return None
    if rest == "{main}":
        return Frame(function="{main}")
    if rest.startswith("[internal function]: "):
        path, digits, call = "[internal function]", "", rest.partition(": ")[2]
    else:
        place, found, call = rest.partition("): ")
        path, _, digits = place.rpartition("(")
        if not found or number(digits) is None:
            return None
    name = call.partition("(")[0].replace("->", "::")
    return Frame(abs_path=path, lineno=number(digits), function=name)


PHP = Language(
    platform="php",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

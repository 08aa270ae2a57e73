"""JavaScript stacks: V8 (Node, Chrome), and the ``function@place`` form of Firefox and Safari.

Follows the reading of the trackers' own JavaScript SDKs: names, modules and whose code it is.
"""

from itertools import pairwise

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_ERRORS,
    MAX_FRAMES,
    MAX_MESSAGE,
    Chain,
    CodeRules,
    ParsedError,
    Placed,
    has_drive,
    lines_of,
    number,
    slashed,
    split_position,
)

_MAX_LINE = 1_024
"""Longer lines are no frames: code in a ``data:`` URL, for example."""
_CAUSES = ("[cause]: ", "caused by: ", "Caused by: ")
"""How ``util.inspect`` and pino write the error that is held as ``cause``."""
_SHARED = "matching cause stack trace ..."
_EXTENSIONS = (".js", ".mjs", ".cjs")
_UNKNOWN = "?"


class _Reading:
    """The errors read so far, the thrown one first."""

    def __init__(self) -> None:
        self.errors = [ParsedError(is_complete=False)]
        self._headline: list[str] = []
        self._size = 0

    def take(self, line: str) -> None:
        """Read the next line."""
        cause = _cause(line)
        if cause is not None and len(self.errors) < MAX_ERRORS:
            self.end()
            self.errors.append(ParsedError(source="cause"))
            self._headline, self._size = [cause], len(cause)
            return
        frames = self.errors[-1].frames
        frame = _frame(line) if len(line) <= _MAX_LINE else None
        if frame is None and line.endswith(_SHARED):
            frame = Frame(lineno=number(line[4:].partition(" ")[0]))
        if frame is not None:
            if len(frames) < MAX_FRAMES:
                frames.append(frame)
        elif not frames and self._size < MAX_MESSAGE:
            self._headline.append(line)
            self._size += len(line)

    def end(self) -> None:
        """Read type and message of the current error from the lines before its frames."""
        error = self.errors[-1]
        text = "\n".join(self._headline).strip()[:MAX_MESSAGE].removeprefix("Uncaught ")
        name, colon, message = text.partition(":")
        name = name.strip()
        if name and "\n" not in name and " " not in name:
            error.type, error.message = name, message.strip() if colon else ""
            error.is_complete = True
        else:
            error.message = text


def parse(text: str, message: str = "") -> Chain:
    """Return the errors of a stack, the cause first; none if there is no frame in it."""
    reading = _Reading()
    for line in lines_of(text, message):
        reading.take(line.strip())
    reading.end()
    errors = reading.errors
    if not any(error.frames for error in errors):
        return []
    for error, cause in pairwise(errors):
        error.frames = _with_shared(error.frames, cause.frames)
    for error in errors:
        error.frames.reverse()
    if "\n" in message:
        errors[0].message = message
    return errors[::-1]


def recognizes(text: str) -> bool:
    """Whether this looks like a stack of V8, Firefox or Safari."""
    return any(
        frame is not None and (frame.lineno is not None and frame.colno is not None)
        for frame in map(_frame, map(str.strip, text[:8192].split("\n")[:50]))
    )


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the name as it is: JavaScript errors have no module."""
    return None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill module and whose code it is."""
    path = frame.abs_path or ""
    is_native = path in {"", "native"}
    path = path.removeprefix("file://")
    frame.abs_path = path or None
    frame.filename = path or "<anonymous>"
    if "://" not in path and frame.module is None and not is_native:
        frame.module = _module(path, rules.root)
    listed = rules.listed(frame.module)
    frame.in_app = _is_in_app(path, is_native=is_native) if listed is None else listed


def is_recorder(frame: Placed) -> bool:
    """Whether this is OpenTelemetry's own frame."""
    return "/node_modules/@opentelemetry/" in slashed(frame.abs_path or "")


def _is_in_app(path: str, *, is_native: bool) -> bool:
    if is_native or "node_modules/" in slashed(path):
        return False
    return path.startswith(("/", ".")) or has_drive(path) or "://" in path


def _module(path: str, root: str | None) -> str:
    """Return ``folder.below.package:file``, relative to ``node_modules`` or the main folder."""
    folder, _, file = slashed(path).rpartition("/")
    for extension in _EXTENSIONS:
        file = file.removesuffix(extension)
    at = folder.rfind("/node_modules/")
    if at >= 0:
        return f"{folder[at + len('/node_modules/') :].replace('/', '.')}:{file}"
    root = slashed(root) if root else root
    if root and (folder == root or folder.startswith(root + "/")):
        below = folder[len(root) + 1 :].replace("/", ".")
        return f"{below}:{file}" if below else file
    return file


def _with_shared(frames: list[Frame], cause: list[Frame]) -> list[Frame]:
    """Put back the frames that ``util.inspect`` left out because the cause has them, too."""
    for at, frame in enumerate(frames):
        if frame.function is None:
            end = len(cause) - (len(frames) - at - 1)
            start = max(0, end - (frame.lineno or 0))
            return frames[:at] + cause[start : max(start, end)] + frames[at + 1 :]
    return frames


def _cause(line: str) -> str | None:
    for mark in _CAUSES:
        if line.startswith(mark):
            return line[len(mark) :]
    return None


def _frame(line: str) -> Frame | None:
    """Read one frame of any engine; None if the line is none."""
    if line.startswith("at "):
        return _v8_frame(line[3:].rstrip(" {,"))
    name, at, place = line.rpartition("@")
    if at:
        return _place_frame(name, place)
    if "://" in line and " " not in line and line[:4] in {"http", "file", "webp", "app:"}:
        return _place_frame("", line)
    return None


def _v8_frame(call: str) -> Frame | None:
    call = call.removeprefix("async ")
    if call.endswith(")") and " (" in call:
        name, _, place = call[:-1].partition(" (")
        if place.startswith("eval at ") and ", " in place:
            place = place.rpartition(", ")[2]
    elif call.startswith(("/", "file:", "node:", "http", "webpack", "<anonymous>")) or (
        " " not in call and ":" in call
    ):
        name, place = "", call
    else:
        return None
    if place.startswith("index "):
        return Frame(function=_function(name))
    path, line, column = split_position(place)
    if line is None and path not in {"<anonymous>", "native"}:
        return None
    return Frame(
        function=_function(name),
        abs_path=None if path == "<anonymous>" else path,
        lineno=line,
        colno=column,
    )


def _function(name: str) -> str:
    """Return the name of a call; what is anonymous is a question mark."""
    holder, dot, method = name.rpartition(".")
    if method == "<anonymous>" or not method:
        return f"{holder}.{_UNKNOWN}" if dot else _UNKNOWN
    return name


def _place_frame(name: str, place: str) -> Frame | None:
    """Read ``function@place:line:column`` of Firefox and Safari."""
    if place == "[native code]":
        return Frame(function=name or _UNKNOWN, abs_path="native")
    if " > " in place:
        place = place.partition(" line ")[0] + ":" + place.rpartition(" line ")[2].split(" ")[0]
    path, line, column = split_position(place)
    if line is None or ("/" not in path and "." not in path):
        return None
    if name in {"global code", "module code", "eval code", ""}:
        name = _UNKNOWN
    return Frame(
        function=name.removesuffix("/<").removeprefix("async*"),
        abs_path=path,
        lineno=line,
        colno=column,
    )


JAVASCRIPT = Language(
    platform="javascript",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
    is_recorder=is_recorder,
    trusts_headline=True,
    omits_causes=True,
)

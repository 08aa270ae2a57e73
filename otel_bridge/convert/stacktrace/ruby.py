"""Ruby backtraces: ``full_message`` in both orders, and the plain list of calls."""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_ERRORS,
    MAX_FRAMES,
    MAX_MESSAGE,
    Chain,
    CodeRules,
    ParsedError,
    lines_of,
    number,
    slashed,
)

_QUOTES = "'`"
_REVERSED = "Traceback (most recent call last)"
_NOT_APP = ("/gems/", "/lib/ruby/", "/bundler/", "/rubies/", "<internal:", "(eval")


class _Reading:
    """The exceptions read so far, the thrown one first."""

    def __init__(self, *, is_reversed: bool) -> None:
        self.found: Chain = []
        self._is_reversed = is_reversed
        self._size = 0

    def take(self, line: str) -> None:
        """Read the next line."""
        body = line.strip()
        call = _called_from(body)
        headline = _headline(line) if call is None and not line.startswith(("\t", " ")) else None
        if headline is not None and len(self.found) < MAX_ERRORS:
            self._begin(headline, len(line))
            return
        frame = _frame(body if call is None else call)
        if frame is not None:
            self._add(frame)
        elif self.found and len(self.found[-1].frames) == 1 and self._size < MAX_MESSAGE and body:
            self.found[-1].message += f"\n{line}"
            self._size += len(line)

    def _begin(self, headline: ParsedError, size: int) -> None:
        """Open the exception of a headline; in the old order it comes below its calls."""
        last = self.found[-1] if self.found else None
        if self._is_reversed and last is not None and not last.is_complete:
            last.type, last.message, last.is_complete = headline.type, headline.message, True
            last.frames += headline.frames
        else:
            self.found.append(headline)
        self._size = size

    def _add(self, frame: Frame) -> None:
        if not self.found:
            self.found.append(ParsedError(is_complete=False))
        if len(self.found[-1].frames) < MAX_FRAMES:
            self.found[-1].frames.append(frame)


def parse(text: str, message: str = "") -> Chain:
    """Return the exceptions of a text, the cause first; none if there is no frame."""
    lines = lines_of(text, message)
    is_reversed = lines[0].startswith(_REVERSED)
    reading = _Reading(is_reversed=is_reversed)
    for line in lines[1:] if is_reversed else lines:
        reading.take(line)
    for error in reading.found:
        _finish_error(error, is_reversed=is_reversed)
    if reading.found and "\n" in message:
        reading.found[0].message = message
    return reading.found[::-1]


def recognizes(text: str) -> bool:
    """Whether this looks like a Ruby backtrace."""
    return any(
        ":in " in line and ".rb" in line and _frame(_called_from(line.strip()) or line.strip())
        for line in text[:8192].split("\n")[:20]
    ) or any(_headline(line) is not None for line in text[:2048].split("\n")[:3] if ".rb:" in line)


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the namespace as module and the full name as type, as the native SDK does."""
    return qualified.rpartition("::")[0] or None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill file name and whose code it is."""
    path = slashed(frame.abs_path or "")
    frame.filename = path
    for marker in ("/gems/", "/lib/ruby/"):
        if marker in path:
            frame.filename = path.rpartition(marker)[2].partition("/")[2]
            break
    listed = rules.listed(frame.module)
    inside = not any(part in path for part in _NOT_APP)
    frame.in_app = inside if listed is None else listed


def _finish_error(error: ParsedError, *, is_reversed: bool) -> None:
    """Put the outermost call first, and take the type from the end of the message."""
    if not is_reversed:
        error.frames.reverse()
    if not error.type and error.message.endswith(")"):
        head, bracket, kind = error.message[:-1].rpartition(" (")
        if bracket and _is_class(kind):
            error.message, error.type = head, kind


def _called_from(body: str) -> str | None:
    """Return the call of ``from CALL`` or ``3: from CALL``."""
    if body.startswith("from "):
        return body[5:]
    index, colon, rest = body.partition(": from ")
    return rest if colon and number(index) is not None else None


def _headline(line: str) -> ParsedError | None:
    """Read ``file.rb:3:in 'm': message (Type)``."""
    for quote in _QUOTES:
        at = line.find(f":in {quote}")
        end = line.find("': ", at + 5) if at > 0 else -1
        if end > 0:
            frame = _frame(line[: end + 1])
            return None if frame is None else _headed(frame, line[end + 3 :])
    place, colon, message = line.partition(": ")
    frame = _frame(place) if colon else None
    return None if frame is None else _headed(frame, message)


def _headed(frame: Frame, message: str) -> ParsedError:
    error = ParsedError(message=message, frames=[frame])
    head, bracket, kind = message[:-1].rpartition(" (")
    if message.endswith(")") and bracket and _is_class(kind):
        error.message, error.type = head, kind
    return error


def _is_class(name: str) -> bool:
    return name[:1].isupper() and all(part.replace("_", "").isalnum() for part in name.split("::"))


def _frame(call: str) -> Frame | None:
    """Read ``file.rb:3:in 'Class#method'``."""
    place, found, label = call.partition(":in ")
    path, colon, digits = place.rpartition(":")
    lineno = number(digits)
    if not colon or lineno is None or not path or (found and label[:1] not in _QUOTES):
        return None
    label = label[1:-1] if found else ""
    module = None
    for mark in ("#", "."):
        head, split, tail = label.rpartition(mark)
        if split and _is_class(head):
            module, label = head, tail
            break
    return Frame(abs_path=path, lineno=lineno, function=label or None, module=module)


RUBY = Language(
    platform="ruby",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

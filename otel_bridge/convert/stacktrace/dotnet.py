""".NET stacks, as ``Exception.ToString`` writes them: inner, aggregate, async."""

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
)

_INNER = " ---> "
_NUMBERED = "(Inner Exception #"
_END_OF_INNER = "--- End of inner exception stack trace ---"
_LIBRARIES = ("System.", "Microsoft.", "Mono.", "Sentry.", "OpenTelemetry.", "MS.", "Npgsql.")


class _Reading:
    """The exceptions that are open, the innermost last, and the tree that they make."""

    def __init__(self, headline: str) -> None:
        self.thrown = _error(headline)
        self.open: list[tuple[ParsedError, bool]] = [(self.thrown, False)]
        """With each: whether it is a numbered member of an aggregate."""
        self.inner: dict[int, ParsedError] = {}
        self.count = 1
        self.size = 0

    def begin(self, headline: str) -> None:
        """Open the exception that the current one holds."""
        if self.count >= MAX_ERRORS:
            return
        self.count += 1
        parent = self.open[-1][0]
        if headline.startswith(_NUMBERED):
            index, _, headline = headline[len(_NUMBERED) :].partition(") ")
            error = _error(headline)
            if index == "0":
                # An aggregate tells of its first member twice: as inner, and as number 0.
                self.inner.pop(id(parent), None)
            parent.is_group = True
            parent.children.append([error])
            self.open.append((error, True))
            return
        error = _error(headline)
        error.source = "InnerException"
        self.inner[id(parent)] = error
        self.open.append((error, False))

    def close(self, *, numbered: bool) -> None:
        """Go back to the exception that holds the current one."""
        if len(self.open) > 1 and self.open[-1][1] is numbered:
            self.open.pop()

    def take(self, line: str) -> None:
        """Read a frame, or more of the message."""
        error = self.open[-1][0]
        stripped = line.strip()
        if stripped.startswith("at "):
            frame = _frame(stripped[3:].removesuffix("<---"))
            if frame is not None and len(error.frames) < MAX_FRAMES:
                error.frames.append(frame)
        elif not error.frames and self.size < MAX_MESSAGE and _is_text(stripped):
            error.message += f"\n{line}"
            self.size += len(line)

    def chain(self, error: ParsedError) -> Chain:
        """Return an exception below what it holds, frames the outermost first."""
        chain: Chain = []
        at: ParsedError | None = error
        while at is not None:
            at.frames.reverse()
            at.children = [self.chain(child) for (child,) in at.children]
            chain.append(at)
            at = self.inner.get(id(at))
        return chain[::-1]


def parse(text: str, message: str = "") -> Chain:
    """Return the exceptions of a text, the oldest cause first; none if there is no frame."""
    first, *rest = lines_of(text, message)
    headline, *inners = first.split(_INNER)
    reading = _Reading(headline)
    for inner in inners:
        reading.begin(inner)
    for line in rest:
        stripped = line.strip()
        if stripped.startswith("---> "):
            for part in stripped[5:].split(_INNER):
                reading.begin(part)
        elif stripped == _END_OF_INNER:
            reading.close(numbered=False)
        else:
            reading.take(line)
        if stripped.endswith("<---"):
            reading.close(numbered=True)
    chain = reading.chain(reading.thrown)
    if not any(error.frames for error in chain):
        return []
    if message and "\n" in message:
        chain[-1].message = message
    return chain


def recognizes(text: str) -> bool:
    """Whether this looks like a .NET stack."""
    head = text[:8192]
    return "\n   at " in head and (
        ":line " in head or _END_OF_INNER in head or "   at System." in head
    )


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the full name, as the native SDK does."""
    return None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill file name and whose code it is."""
    path = frame.abs_path or ""
    frame.filename = path.replace("\\", "/").rpartition("/")[2] or None
    listed = rules.listed(frame.module)
    frame.in_app = not f"{frame.module}.".startswith(_LIBRARIES) if listed is None else listed


def _is_text(line: str) -> bool:
    return bool(line) and not line.startswith("--- ")


def _error(headline: str) -> ParsedError:
    kind, _, message = headline.strip().removesuffix("<---").partition(": ")
    return ParsedError(type=kind, message=message)


def _frame(call: str) -> Frame | None:
    """Read ``Ns.Class.Method(T a) in /p/f.cs:line 7``."""
    call, _, place = call.partition(" in ")
    name = call.partition("(")[0].strip()
    path, found, digits = place.rpartition(":line ")
    module, function = _method(name)
    if not function or " " in module:
        return None
    return Frame(
        module=module or None,
        function=function,
        abs_path=(path if found else place) or None,
        lineno=number(digits) if found else None,
    )


def _method(name: str) -> tuple[str, str]:
    """Split class and method; ``Class.<Method>d__7.MoveNext`` is the async method itself."""
    if name.endswith((".ctor", ".cctor")):
        module, _, function = name.rpartition("..")
        return module, f".{function}"
    module, _, function = name.rpartition(".")
    holder, dot, machine = module.rpartition(".")
    if function == "MoveNext" and machine.startswith("<") and ">d" in machine:
        return holder if dot else "", machine[1:].partition(">d")[0]
    return module, function


DOTNET = Language(
    platform="csharp",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

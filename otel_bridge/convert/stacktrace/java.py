"""Java, Kotlin and Scala stacks, as ``Throwable.printStackTrace`` writes them."""

from collections.abc import Callable

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
    split_dotted,
)

_CAUSED = "Caused by: "
_SUPPRESSED = "Suppressed: "
_CIRCLE = "[CIRCULAR REFERENCE:"
_THREAD = 'Exception in thread "'
_MAX_LEVELS = 20
_LIBRARIES = (
    "java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.", "kotlin.", "kotlinx.", "scala.",
    "akka.", "groovy.", "clojure.", "android.", "androidx.", "dalvik.", "io.opentelemetry.",
    "io.netty.", "io.ktor.", "io.grpc.", "io.sentry.", "io.vertx.", "reactor.", "org.apache.",
    "org.springframework.", "org.eclipse.", "org.hibernate.", "org.jboss.", "org.postgresql.",
    "org.glassfish.", "com.fasterxml.", "com.microsoft.", "com.google.", "com.zaxxer.",
)  # fmt: skip


FrameReader = Callable[[str], Frame | None]


class _Reading:
    """The exceptions read so far, and which of them is open at which depth of indentation."""

    def __init__(self, read_frame: FrameReader) -> None:
        self._read_frame = read_frame
        self.chains: dict[int, Chain] = {}
        """Depth to the chain that grows there, the thrown exception first."""
        self.count = 0
        self.current: ParsedError | None = None
        self.enclosing: ParsedError | None = None
        self.size = 0

    def begin(self, depth: int, headline: str, link: str | None) -> None:
        """Open the exception of a headline."""
        if self.count >= MAX_ERRORS or depth > _MAX_LEVELS or headline.startswith(_CIRCLE):
            self.current = None
            return
        error = ParsedError()
        error.type, _, error.message = headline.partition(": ")
        if link == _SUPPRESSED:
            parents = self.chains.get(depth - 1)
            if not parents:
                return
            self.chains[depth] = [error]
            self.enclosing = parents[-1]
            parents[-1].children.append(self.chains[depth])
        elif link == _CAUSED and depth in self.chains:
            error.source = "cause"
            self.enclosing = self.chains[depth][-1]
            self.chains[depth].append(error)
        elif link is None and not self.chains:
            self.chains[0] = [error]
        else:
            return
        for deeper in [level for level in self.chains if level > depth]:
            del self.chains[deeper]
        self.current = error
        self.count += 1
        self.size = len(headline)

    def take(self, line: str) -> None:
        """Read a line below a headline."""
        error = self.current
        if error is None:
            return
        stripped = line.strip()
        if stripped.startswith("at "):
            frame = self._read_frame(stripped[3:])
            if frame is not None and len(error.frames) < MAX_FRAMES:
                error.frames.append(frame)
        elif stripped.startswith("... ") and stripped.endswith(" more"):
            common = number(stripped[4:-5])
            if common and self.enclosing is not None:
                room = MAX_FRAMES - len(error.frames)
                shared = self.enclosing.frames[-min(common, MAX_FRAMES) :][:room]
                error.frames += [_copy(frame) for frame in shared]
        elif not error.frames and self.size < MAX_MESSAGE:
            error.message += f"\n{line}"
            self.size += len(line)


def parse(text: str, message: str = "") -> Chain:
    """Return the exceptions of a stack, the oldest cause first; none if there is no frame."""
    return parse_with(read_frame, text, message)


def parse_with(read: FrameReader, text: str, message: str) -> Chain:
    """Parse a text of this form whose calls are written in another language's way."""
    reading = _Reading(read)
    for line in lines_of(text, message):
        body = line.lstrip("\t")
        depth = len(line) - len(body)
        if body.startswith(_SUPPRESSED):
            reading.begin(depth, body[len(_SUPPRESSED) :], _SUPPRESSED)
        elif body.startswith(_CAUSED):
            reading.begin(depth, body[len(_CAUSED) :], _CAUSED)
        elif not reading.chains and body:
            reading.begin(0, _without_thread(body), None)
        else:
            reading.take(line)
    chain = reading.chains.get(0, [])
    if not any(error.frames for error in chain):
        return []
    if message and "\n" in message:
        chain[0].message = message
    return _finished(chain)


def recognizes(text: str) -> bool:
    """Whether this looks like a stack of the JVM."""
    return any(
        line.strip().startswith("at ") and read_frame(line.strip()[3:]) is not None
        for line in text[:8192].split("\n")[:50]
    )


def split_type(qualified: str) -> tuple[str | None, str]:
    """Split package and class."""
    return split_dotted(qualified)


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill whose code it is; module and file come from the text."""
    listed = rules.listed(frame.module)
    module = f"{frame.module}."
    frame.in_app = not module.startswith(_LIBRARIES) if listed is None else listed


def _finished(chain: Chain) -> Chain:
    for error in chain:
        error.frames.reverse()
        error.message = error.message.rstrip("\n")
        error.children = [_finished(child) for child in error.children]
    return chain[::-1]


def _without_thread(headline: str) -> str:
    """Leave out ``Exception in thread "main" `` of an uncaught exception."""
    if headline.startswith(_THREAD):
        return headline[len(_THREAD) :].partition('" ')[2]
    return headline


def read_frame(call: str) -> Frame | None:
    """Read ``loader/module@version/package.Class.method(File.java:12)``."""
    name, bracket, place = call.partition("(")
    place, closed, _ = place.partition(")")
    name = name.rpartition("/")[2]
    module, dot, function = name.rpartition(".")
    if not bracket or not closed or not dot or " " in name or "/" in place:
        return None
    file, colon, digits = place.rpartition(":")
    if not colon:
        file, digits = place, ""
    has_file = file not in {"Native Method", "Unknown Source", ""}
    if has_file and "." not in file:
        return None
    return Frame(
        module=module,
        function=function,
        filename=file if has_file else None,
        lineno=number(digits),
    )


def _copy(frame: Frame) -> Frame:
    return Frame(
        module=frame.module,
        function=frame.function,
        filename=frame.filename,
        lineno=frame.lineno,
    )


JAVA = Language(
    platform="java",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

"""Go stacks: ``runtime.Stack`` and ``debug.Stack`` text, and what a panic prints."""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_FRAMES,
    Chain,
    CodeRules,
    ParsedError,
    Placed,
    lines_of,
    split_position,
)

_NOT_APP = ("/go/src/", "/pkg/mod/", "/vendor/", "/third_party/", "/go/pkg/", "/libexec/src/")
_TELEMETRY = ("go.opentelemetry.io/otel", "github.com/getsentry/sentry-go")


def parse(text: str, message: str = "") -> Chain:
    """Return one error with the frames of the first goroutine; none if there is no frame."""
    frames: list[Frame] = []
    call: str | None = None
    for line in lines_of(text, message):
        if line.startswith("goroutine ") and frames:
            break
        if line.startswith("\t") and call is not None:
            frame = _frame(call, line[1:])
            if frame is not None and len(frames) < MAX_FRAMES:
                frames.append(frame)
            call = None
        elif line and not line.startswith(("goroutine ", "created by ", "\t", "...")):
            call = line
    if not frames:
        return []
    kept = [frame for frame in _thrown(frames) if not _is_runtime(frame)]
    kept.reverse()
    return [ParsedError(frames=kept or frames[::-1], is_complete=False)]


def recognizes(text: str) -> bool:
    """Whether this looks like a goroutine's stack."""
    head = text[:4096]
    return "goroutine " in head and "]:\n" in head


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the type as the native SDK does, with its package: ``*errors.errorString``."""
    return None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill whose code it is."""
    path = frame.abs_path or ""
    frame.filename = path.rpartition("/")[2]
    listed = rules.listed(frame.module)
    inside = not any(part in path for part in _NOT_APP)
    frame.in_app = inside if listed is None else listed


def is_recorder(frame: Placed) -> bool:
    """Whether this is OpenTelemetry's own frame."""
    return (frame.module or "").startswith(_TELEMETRY)


def _thrown(frames: list[Frame]) -> list[Frame]:
    """Return the frames below the panic; those above it only recovered and recorded."""
    for at, frame in enumerate(frames):
        if frame.function == "panic" and frame.module is None:
            return frames[at + 1 :] or frames
    return frames


def _is_runtime(frame: Frame) -> bool:
    module = frame.module or ""
    return module in {"runtime", "runtime/debug", "testing"} or (
        not module and frame.function == "panic"
    )


def _frame(call: str, place: str) -> Frame | None:
    """Read ``path/package.(*Type).Method(0x1, ...)`` and ``/file.go:12 +0x1f``."""
    if call.endswith(")"):
        call = _without_arguments(call)
    path, line, _ = split_position(place.partition(" +0x")[0])
    if line is None:
        return None
    folder, slash, rest = call.rpartition("/")
    package, dot, function = rest.partition(".")
    if not dot:
        return Frame(function=call, abs_path=path, lineno=line)
    return Frame(
        module=f"{folder}{slash}{package}".replace("%2e", "."),
        function=function,
        abs_path=path,
        lineno=line,
    )


def _without_arguments(call: str) -> str:
    """Cut the last pair of brackets, which may hold brackets itself."""
    depth = 0
    for at in range(len(call) - 1, -1, -1):
        if call[at] == ")":
            depth += 1
        elif call[at] == "(":
            depth -= 1
            if depth == 0:
                return call[:at]
    return call


GO = Language(
    platform="go",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
    is_recorder=is_recorder,
)

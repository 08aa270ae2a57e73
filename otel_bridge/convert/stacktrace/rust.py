"""Rust backtraces: ``std::backtrace`` text, short and full, and what a panic prints."""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_FRAMES,
    Chain,
    CodeRules,
    ParsedError,
    lines_of,
    number,
    slashed,
    split_position,
)

_LIBRARIES = (
    "std::", "core::", "alloc::", "proc_macro::", "test::", "backtrace::", "tokio::", "futures",
    "tracing", "opentelemetry", "sentry", "anyhow::", "eyre::", "color_eyre::", "rayon",
    "hyper::", "tower", "axum", "actix", "__rust", "__libc_start", "rust_begin_unwind",
)  # fmt: skip
_ENTRY = frozenset({"main", "_start", "clone", "__clone", "clone3", "start_thread"})
_PATHS = ("/rustc/", "/.cargo/registry/", "/.cargo/git/", "/rustlib/src/", "./csu/", "./nptl/")
_END = "__rust_end_short_backtrace"
_BEGIN = "__rust_begin_short_backtrace"
_PANIC = (
    "core::panicking::",
    "rust_begin_unwind",
    "__rustc::rust_begin_unwind",
    "std::panicking::",
)
_HASH_LENGTH = 17


def parse(text: str, message: str = "") -> Chain:
    """Return one error with its frames; none if there is no frame."""
    frames: list[Frame] = []
    panic = ""
    for line in lines_of(text, message):
        stripped = line.strip()
        if stripped.startswith("at ") and frames:
            path, lineno, column = split_position(stripped[3:])
            frames[-1].abs_path, frames[-1].lineno, frames[-1].colno = path, lineno, column
            continue
        index, colon, rest = stripped.partition(": ")
        if colon and number(index) is not None and len(frames) < MAX_FRAMES:
            frames.append(Frame(function=_function(rest.strip())))
        elif stripped.startswith("thread '") and " panicked at " in stripped:
            panic = stripped
    if not frames or not any(frame.function for frame in frames):
        return []
    frames = _inside(frames)
    frames.reverse()
    return [ParsedError(type="panic" if panic else "", frames=frames, is_complete=False)]


def recognizes(text: str) -> bool:
    """Whether this looks like a Rust backtrace."""
    head = text[:8192]
    return "   0: " in head and ("::" in head or "\n             at " in head)


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the type as it is written."""
    return None, qualified


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill file name and whose code it is."""
    path, name = slashed(frame.abs_path or ""), frame.function or ""
    frame.filename = path.rpartition("/")[2] or None
    crate = name.lstrip("<&").partition("::")[0]
    listed = rules.listed(crate)
    inside = name not in _ENTRY and not name.lstrip("<&").startswith(_LIBRARIES)
    inside = inside and not any(part in path for part in _PATHS)
    frame.in_app = inside if listed is None else listed


def _inside(frames: list[Frame]) -> list[Frame]:
    """Leave out what the runtime adds before the panic and after ``main``."""
    for at, frame in enumerate(frames):
        if _END in (frame.function or ""):
            frames = frames[at + 1 :] or frames
            break
    start = 0
    while start < len(frames) - 1 and (frames[start].function or "").startswith(_PANIC):
        start += 1
    frames = frames[start:]
    for at, frame in enumerate(frames):
        if at and _BEGIN in (frame.function or ""):
            return frames[:at]
    return frames


def _function(name: str) -> str:
    """Leave out address and hash: ``0x55f7 - shop[1f2e]::f::h0123456789abcdef`` is ``shop::f``."""
    if name.startswith("0x") and " - " in name:
        name = name.partition(" - ")[2]
    head, mark, tail = name.rpartition("::h")
    if mark and len(tail) == _HASH_LENGTH - 1 and all(c in "0123456789abcdef" for c in tail):
        name = head
    return _without_crate_hashes(name)


def _without_crate_hashes(name: str) -> str:
    parts = name.split("[")
    kept = [parts[0]]
    for part in parts[1:]:
        inner, bracket, rest = part.partition("]")
        if bracket and len(inner) >= 12 and all(c in "0123456789abcdef" for c in inner):  # noqa: PLR2004
            kept.append(rest)
        else:
            kept.append(f"[{part}")
    return "".join(kept)


RUST = Language(
    platform="native",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

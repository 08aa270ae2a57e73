"""Elixir and Erlang stacks: ``Exception.format``, the shell's text, and the plain term."""

import re2

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_FRAMES,
    MAX_MESSAGE,
    Chain,
    CodeRules,
    ParsedError,
    lines_of,
    number,
)

_APPS_OF_OTHERS = frozenset(
    {"elixir", "stdlib", "kernel", "erts", "ex_unit", "iex", "mix", "logger", "ecto", "ecto_sql"}
    | {"phoenix", "phoenix_live_view", "plug", "plug_cowboy", "cowboy", "bandit", "ranch"}
    | {"opentelemetry", "opentelemetry_api", "telemetry", "db_connection", "postgrex", "gen_stage"}
)
_ERLANG_MODULES = frozenset(
    {"erlang", "lists", "maps", "gen_server", "gen_statem", "proc_lib", "gen", "supervisor"}
    | {"timer", "erl_eval", "binary", "ets", "application_master", "io", "file", "string"}
)
_TERM = re2.compile(
    r"\{('?[\w.@]+'?),('?[^,'{}\[\]]+'?),(\d+|\[[^\[\]]*\]),"
    r'\[(?:\{file,"([^"]*)"\},\{line,(\d+)\})?'
)
"""``{module,function,arity,[{file,"f.erl"},{line,12}...]}``: what the Erlang SDK records."""
_MAX_TERM = 65_536
_MAX_TERM_FRAMES = 200
"""Together they bound the work, whatever the text."""
_ERLANG_LINE = ("in function ", "in call from ")


def parse(text: str, message: str = "") -> Chain:
    """Return one exception with its frames; none if there is no frame."""
    error = ParsedError(is_complete=False)
    for line in lines_of(text, message):
        stripped = line.strip()
        frame = _frame(stripped) if line.startswith(" ") or error.frames else None
        if frame is not None:
            if len(error.frames) < MAX_FRAMES:
                error.frames.append(frame)
        elif stripped.startswith("** (") and not error.frames:
            kind, _, said = stripped[4:].partition(") ")
            error.type, error.message, error.is_complete = kind, said[:MAX_MESSAGE], True
    if not error.frames:
        error.frames = _term_frames(text[:_MAX_TERM])
    if not error.frames:
        return []
    error.frames.reverse()
    return [error]


def recognizes(text: str) -> bool:
    """Whether this looks like a stack of the BEAM."""
    head = text[:8192]
    return "** (" in head or (
        any(mark in head for mark in (".ex:", ".exs:", ".erl:", ".erl, line ")) and "/" in head
    )


def split_type(qualified: str) -> tuple[str | None, str]:
    """Return the name as code writes it."""
    return None, qualified.removeprefix("Elixir.")


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill whose code it is; the name of the OTP application is in ``package``."""
    listed = rules.listed(frame.module)
    outside = frame.package in _APPS_OF_OTHERS or (
        frame.package is None and frame.module in _ERLANG_MODULES
    )
    outside = outside or "/deps/" in (frame.filename or "")
    frame.in_app = not outside if listed is None else listed


def _frame(line: str) -> Frame | None:
    """Read ``(app 1.0) lib/f.ex:12: Mod.fun/2``, without application, or Erlang's form."""
    for start in _ERLANG_LINE:
        if line.startswith(start):
            return _erlang_frame(line[len(start) :].strip())
    package = None
    if line.startswith("("):
        package, closed, line = line[1:].partition(") ")
        if not closed:
            return None
        package = package.partition(" ")[0]
    place, colon, call = line.partition(": ")
    path, found, digits = place.rpartition(":")
    if not colon or not found or number(digits) is None or not path:
        if package is None or "/" not in line:
            return None
        return _called(line, None, None, package)
    return _called(call, path, number(digits), package)


def _called(call: str, path: str | None, line: int | None, package: str | None) -> Frame:
    call = _without_arguments(call)
    name, _, arity = call.rpartition(" in ")[2].rpartition("/")
    head = name if number(arity.partition(" ")[0]) is not None else call
    module, dot, _ = head.rpartition(".")
    if '."' in head:
        module = head.partition('."')[0]
    return Frame(
        module=module.lstrip(":") if dot else None,
        function=call,
        filename=path,
        lineno=line,
        package=package,
    )


def _without_arguments(call: str) -> str:
    """Return ``Mod.fun/2`` for ``Mod.fun(%{...}, 1)``: arguments are the application's data."""
    prefix, bracket, rest = call.partition("(")
    if not prefix or not bracket or "/" in prefix:
        return call
    inside, closed, after = rest.rpartition(") in ")
    if not closed:
        if not rest.endswith(")"):
            return call
        inside, after = rest[:-1], ""
    return f"{prefix}/{_count(inside)}{' in ' if closed else ''}{after}"


def _count(arguments: str) -> int:
    """Return how many arguments there are: commas outside of brackets and texts, and one more."""
    depth, commas, is_text = 0, 0, False
    for char in arguments:
        if char == '"':
            is_text = not is_text
        elif is_text:
            continue
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            commas += 1
    return commas + 1 if arguments.strip() else 0


def _erlang_frame(text: str) -> Frame | None:
    """Read ``mod:fun/2 (src/mod.erl, line 12)``."""
    call, bracket, place = text.partition(" (")
    module, colon, _ = call.partition(":")
    if not colon:
        return None
    path, _, digits = place.rstrip(")").rpartition(", line ")
    return Frame(
        module=module,
        function=call,
        filename=(path or None) if bracket else None,
        lineno=number(digits),
    )


def _term_frames(text: str) -> list[Frame]:
    frames = []
    for found in _TERM.finditer(text):
        module, function, arity, path, line = found.groups()
        module = module.strip("'").removeprefix("Elixir.")
        if not arity.isdigit():
            arity = str(arity.count(",") + 1)
        frames.append(
            Frame(
                module=module,
                function=f"{module}.{function}/{arity}",
                filename=path or None,
                lineno=number(line or ""),
            )
        )
        if len(frames) >= _MAX_TERM_FRAMES:
            break
    return frames


ELIXIR = Language(
    platform="elixir",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
)

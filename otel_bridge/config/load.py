"""Put the options together: keyword arguments over environment over file over defaults."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import GenericAlias, UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import msgspec

from otel_bridge.config.delivery import READERS as DELIVERY_READERS, otlp_endpoints
from otel_bridge.config.env import CONFIG_FILE_VARIABLE, KEYWORD_ONLY, variables_of
from otel_bridge.config.file import Unreadable, read_file
from otel_bridge.config.grouping import READERS as GROUPING_READERS
from otel_bridge.config.options import Options
from otel_bridge.config.sampling import NONE_IS_A_VALUE, READERS as SAMPLING_READERS
from otel_bridge.config.scrubbing import READERS as SCRUB_READERS
from otel_bridge.errors import ConfigError
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.otlp_endpoint import otlp_from_environment

SECRET_OPTIONS = frozenset({"dsn", "otlp_headers", "routes", "http_proxy", "https_proxy"})
"""Options whose value never appears in a message."""

READERS = {**GROUPING_READERS, **SAMPLING_READERS, **DELIVERY_READERS, **SCRUB_READERS}

_WORDS = {"true": True, "1": True, "yes": True, "on": True,
          "false": False, "0": False, "no": False, "off": False}  # fmt: skip


class Loaded(NamedTuple):
    """Options and, for each that is not a default, where it came from."""

    options: Options
    origins: Mapping[str, str]


class _Found(NamedTuple):
    value: object
    origin: str


def load(arguments: Mapping[str, object], environ: Mapping[str, str]) -> Loaded:
    """Merge and validate all sources.

    Args:
        arguments: Keyword arguments as given; None and the empty text count as not given.
        environ: The environment.

    Raises:
        ConfigError: All problems at once.
    """
    hints = get_type_hints(Options, include_extras=True)
    problems: list[str] = []
    found = _from_file(environ, problems)
    found |= _from_environment(hints, environ, problems)
    found |= {
        name: _Found(value, "argument")
        for name, value in arguments.items()
        if (value is not None and value != "") or name in NONE_IS_A_VALUE
    }
    values: dict[str, Any] = {}
    for name, (value, origin) in found.items():
        if name not in hints:
            problems.append(f"{_place(name, origin)}: unknown option; {_nearest(name, hints)}")
            continue
        if name in READERS:
            try:
                values[name] = READERS[name](value)
            except ConfigError as error:
                problems += [_from(problem, origin) for problem in error.problems]
            continue
        try:
            values[name] = _checked(name, value, hints[name])
        except (msgspec.ValidationError, ConfigError, ValueError) as error:
            said = str(error).removeprefix(f"{name}: ")
            problems.append(f"{_place(name, origin)}: {_shown(name, value)}{said}")
    if problems:
        raise ConfigError([*problems, *_standard_problems(found, environ)])
    options = Options(**values)
    otlp_endpoints(options, environ)  # raises where the standard variables are wrong
    return Loaded(options, {name: found[name].origin for name in values})


def _from_file(environ: Mapping[str, str], problems: list[str]) -> dict[str, _Found]:
    path = environ.get(CONFIG_FILE_VARIABLE)
    if not path:
        return {}
    try:
        table = read_file(path, CONFIG_FILE_VARIABLE)
    except Unreadable as error:
        problems.append(str(error))
        return {}
    return {
        name: _Found(value, path)
        for name, value in table.items()
        if value is not None or name in NONE_IS_A_VALUE
    }


def _from_environment(
    hints: Mapping[str, Any], environ: Mapping[str, str], problems: list[str]
) -> dict[str, _Found]:
    found = {}
    for name, hint in hints.items():
        for variable in variables_of(name):
            # The OpenTelemetry specification: "an empty value of an environment variable is to be
            # interpreted the same way as when the variable is unset".
            if text := environ.get(variable, "").strip():
                try:
                    found[name] = _Found(_from_text(text, hint), variable)
                except ValueError as error:
                    problems.append(f"{_place(name, variable)}: {_shown(name, text)}{error}")
                break
    known = {variable for name in hints for variable in variables_of(name)}
    problems.extend(
        f"{variable}: no such option{_like(variable, known)}"
        for variable in sorted(environ)
        if variable.startswith("OTEL_BRIDGE_")
        and variable not in known
        and variable != CONFIG_FILE_VARIABLE
        and not variable.startswith("OTEL_BRIDGE_TEST_")
        and variable != "OTEL_BRIDGE_REQUIRE_COMPONENTS"
    )
    return found


def _standard_problems(found: Mapping[str, _Found], environ: Mapping[str, str]) -> Sequence[str]:
    """Return what is wrong with OpenTelemetry's own variables, where they count."""
    if "otlp_endpoint" in found:
        return ()
    try:
        otlp_from_environment(environ)
    except ConfigError as error:
        return error.problems
    return ()


def _from_text(text: str, hint: Any) -> object:  # noqa: ANN401  # a type annotation is any object
    kinds = _kinds(hint)
    if bool in kinds:
        if (word := text.lower()) not in _WORDS:
            raise ValueError("wanted true or false")
        return _WORDS[word]
    if list in kinds:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _kinds(hint: Any) -> set[type]:  # noqa: ANN401  # a type annotation is any object
    """Return the plain classes that an annotation allows."""
    if get_origin(hint) is Annotated:
        return _kinds(get_args(hint)[0])
    if isinstance(hint, UnionType):
        return {kind for part in get_args(hint) for kind in _kinds(part)}
    if isinstance(hint, GenericAlias):
        return {get_origin(hint)}
    return {hint} if isinstance(hint, type) else set()


def _checked(name: str, value: object, hint: Any) -> object:  # noqa: ANN401  # as above
    if name == "ignore_errors":
        return _checked_errors(value)
    if name in KEYWORD_ONLY and not callable(value):
        raise ValueError("wanted something to call")
    converted = msgspec.convert(value, hint, strict=False, dec_hook=lambda _, given: given)
    if name == "dsn":
        Dsn.parse(str(converted))
    return converted


def _checked_errors(value: object) -> list[str | type]:
    entries = value if isinstance(value, list | tuple) else [value]
    for entry in entries:
        if not isinstance(entry, str) and not (
            isinstance(entry, type) and issubclass(entry, BaseException)
        ):
            raise ValueError(  # noqa: TRY004  # reported with the other problems, not as a bug
                f"wanted exception classes or their names, {entry!r} is neither"
            )
    return list(entries)


def _from(problem: str, origin: str) -> str:
    return problem if origin == "argument" else f"{problem} (from {origin})"


def _place(name: str, origin: str) -> str:
    return name if origin == "argument" else f"{name} (from {origin})"


def _shown(name: str, value: object) -> str:
    return "" if name in SECRET_OPTIONS else f"found {without_userinfo(value)!r}; "


def without_userinfo(value: object) -> object:
    """Return a value in which no URL holds a user or a password."""
    if not isinstance(value, str) or "@" not in value or "://" not in value:
        return value
    scheme, _, rest = value.partition("://")
    return f"{scheme}://…@{rest.rpartition('@')[2]}"


def _like(variable: str, known: Iterable[str]) -> str:
    close = get_close_matches(variable, known, n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ""


def _nearest(name: str, hints: Mapping[str, Any]) -> str:
    close = get_close_matches(name, hints, n=1)
    return f"did you mean {close[0]}?" if close else "see docs/configuration.md"

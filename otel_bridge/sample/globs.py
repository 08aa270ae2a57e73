"""Globs over telemetry: ``*`` is any text, ``?`` any character, everything else itself."""

from collections.abc import Callable, Iterable

import re2

from otel_bridge.wire.text import utf8

Match = Callable[[str], bool]


def compile_glob(glob: str) -> Match:
    """Return a function that tells whether a whole text fits; linear in the text's length."""
    if not {"*", "?"} & set(glob):
        return glob.__eq__
    head = glob.rstrip("*")
    if not {"*", "?"} & set(head):
        return lambda text: text.startswith(head)
    options = re2.Options()
    options.dot_nl = True
    pattern = "".join({"*": ".*", "?": "."}.get(char) or re2.escape(char) for char in glob)
    fullmatch = re2.compile(pattern, options).fullmatch

    def fits(text: str) -> bool:
        try:
            return fullmatch(text) is not None
        except UnicodeEncodeError:  # a path of bytes that are no text, as WSGI hands it on
            return fullmatch(utf8(text).decode()) is not None

    return fits


def compile_globs(globs: Iterable[str]) -> Match:
    """Return a function that tells whether a text fits any of the globs."""
    matches = [compile_glob(glob) for glob in globs]
    if len(matches) == 1:
        return matches[0]
    return lambda text: any(match(text) for match in matches)


def as_text(value: object) -> str | None:
    """Return an attribute's value as globs see it; None for what has no single text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None

"""Globs that ignore case, compiled so that foreign text cannot make them slow."""

from collections.abc import Callable, Iterable

import re2

_WILD = {"*": ".*", "?": "."}


def to_pattern(glob: str) -> str:
    """Return a glob as an RE2 pattern; only ``*`` and ``?`` have a meaning."""
    return "".join(_WILD.get(char) or re2.escape(char) for char in glob)


def any_glob(globs: Iterable[str]) -> Callable[[str], bool]:
    """Return a predicate: does any of the globs fit the whole of a text?"""
    patterns = [to_pattern(glob) for glob in globs]
    if not patterns:
        return _never
    compiled = re2.compile(f"(?is)(?:{'|'.join(patterns)})")

    def fits(text: str) -> bool:
        try:
            return compiled.fullmatch(text) is not None
        except UnicodeEncodeError:  # half of a surrogate pair
            return compiled.fullmatch(text.encode("utf-8", "replace").decode()) is not None

    return fits


def _never(_text: str) -> bool:
    return False

"""How a name and its value are written next to each other: the forms of an assignment."""

from enum import IntEnum
from typing import NamedTuple

import re2

from otel_bridge.scrub.gates import MAX_NAME_BYTES, name_start
from otel_bridge.scrub.prefilter import name_core

_TYPE = rb":\s?(?:[A-Z][\w<>\[\]|.]*|str|string|bytes|any|char)\s?="
_ASSIGNMENT = re2.compile(
    b"("
    + name_core().encode()
    + b")(?:"
    + b"|".join(
        (
            # `name: Type = `, `name = `, `name => `, `"name": `, `name%3D`
            rb"(\\*[\"'`]?[\])]?\s*(?:" + _TYPE + rb"|=>|:=|!==?|=+|::?|%3[DdAa])\s*)",
            # `<key>name</key><string>`, `name="..." value="`, `"name": "...", "value": "`
            rb"(\\*[\"'`]?\s*(?:</[A-Za-z]+>\s*<[A-Za-z]+>|"
            rb",?\s*\\*[\"']?(?i:value|default)\\*[\"']?\s*[=:]\s*|"
            rb"\\*[\"']?\s*\{\s*default\s*=\s*))",
            # `("name", `
            rb"(\\*[\"'`]\s*,\s*)",
            # `<name>`, `<name attribute="...">`
            rb"((?:\s+[\w:]+=\"[^\"<>]*\")*\s*>)",
            # `the password is `
            rb"(\s+(?:is|was)\s*:?\s+)",
            # `--name `, `login x password `
            rb"([ \t]+)",
        )
    )
    + b")"
)
_FLAG_LOOK_BACK_BYTES = 200
_LEAD_BYTES = 24
_LINE_LEADS = (b"", b"export", b"set", b"SET", b"ENV", b"-", b"- export")
_QUOTES = (b'"', b"'")


class Form(IntEnum):
    """The ways to write it. The numbers are those of the groups of the pattern."""

    PLAIN = 2
    PAIR = 3
    CALL = 4
    ELEMENT = 5
    PROSE = 6
    SPACE = 7


class Place(NamedTuple):
    """A name in a text, and where its value begins."""

    text: bytes
    name_at: int
    name_end: int
    value_at: int
    form: Form

    @property
    def name(self) -> bytes:
        """The end of the name: what makes it sensitive comes last."""
        return self.text[max(self.name_at, self.name_end - MAX_NAME_BYTES) : self.name_end]

    @property
    def separator(self) -> bytes:
        """What stands between name and value."""
        return self.text[self.name_end : self.value_at]

    @property
    def lead(self) -> bytes:
        """The last character before the name that is no space."""
        before = self.text[max(0, self.name_at - _LEAD_BYTES) : self.name_at]
        return before.rstrip(b" \t\r\n")[-1:]

    @property
    def is_flag(self) -> bool:
        """Whether the name is an option of a command, or the password of a netrc line."""
        name = self.text[self.name_at : self.name_end]
        if name.startswith(b"-") or self.text[max(0, self.name_at - 1) : self.name_at] == b"-":
            return True
        before = self.text[max(0, self.name_at - _FLAG_LOOK_BACK_BYTES) : self.name_at]
        return name == b"password" and b"login" in before

    @property
    def is_line(self) -> bool:
        """Whether the name begins a line ``NAME=value``: only a space ends such a value."""
        if self.form is not Form.PLAIN or self.separator != b"=":
            return False
        line = self.text[self.text.rfind(b"\n", 0, self.name_at) + 1 : self.name_at]
        return line.strip() in _LINE_LEADS

    @property
    def is_evident(self) -> bool:
        """Whether a space alone is enough between this name and a value."""
        return (
            self.form is not Form.SPACE
            or self.is_flag
            or b"_" in self.name
            or self.text[self.value_at : self.value_at + 1] in _QUOTES
        )


def next_place(text: bytes, start: int) -> Place | None:
    """Return the next name that is followed by something that separates it from a value."""
    match = _ASSIGNMENT.search(text, start)
    if match is None:
        return None
    form = next(form for form in Form if match.start(form.value) >= 0)
    word, name_end = match.span(1)
    return Place(text, name_start(text, word), name_end, match.end(form.value), form)

"""How a name and its value are written next to each other: the forms of an assignment."""

from enum import IntEnum
from typing import NamedTuple

from otel_bridge.scrub.find.prefilter import name_core
from otel_bridge.scrub.search import Search

MAX_NAME_BYTES = 256
ESCAPED_QUOTE = r"(?:&quot;|&#3[49];|\\+u002[27]|%22)"
"""As in JSON within markup, within scripts and within URLs."""
_TYPE = (
    r"(?::\s?(?:[A-Z][\w<>\[\]|.]*|&(?:'static )?str|str|string|bytes|any|char)\s?=|"
    r"(?:string|\[\]byte)\s*=)"
)
"""In Go without a colon: `var name string = `."""
_OPERATOR = r"=>|[.?+|]{1,2}=|:{1,3}=|!==?|=+|::?|%3[DdAa]"
"""Also `name .= ` (PHP), `name ?= `, `name ::= ` (make), `name ||= ` (Ruby)."""
_ASSIGNMENT = Search(
    "("
    + name_core()
    + ")(?:"
    + "|".join(
        (
            # `name: Type = `, `name = `, `name => `, `"name": `, `name%3D`
            r"((?:\\*[\"'`]|"
            + ESCAPED_QUOTE
            + r")?[\])]?\s*(?:"
            + _TYPE
            + "|"
            + _OPERATOR
            + r")\s*)",
            # `<key>name</key><string>`, `name="..." value="`, `"name": "...", "value": "`
            r"(\\*[\"'`]?\s*(?:</[A-Za-z]+>\s*<[A-Za-z]+>|"
            r",?\s*\\*[\"']?(?i:value|default|content)\\*[\"']?\s*[=:]\s*|"
            r"\\*[\"']?\s*\{\s*default\s*=\s*))",
            # `("name", `, `env.NAME || `
            r"(\\*[\"'`]\s*,\s*|\\*[\"'`]?\]?\s*(?:\|\||\?\?)\s*)",
            # `<name>`, `<name attribute="...">`
            r"((?:\s+[\w:]+=\"[^\"<>]*\")*\s*>)",
            # `the password is `
            r"(\s+(?:is|was)\s*:?\s+)",
            # `--name `, `login x password `
            r"([ \t]+)",
        )
    )
    + ")"
)
_NAME_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-"
_FLAG_LOOK_BACK_BYTES = 200
_LEAD_BYTES, _INDENT_BYTES = 24, 64
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


_FORMS = tuple(Form)


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
        before = self.text[max(0, self.name_at - _INDENT_BYTES) : self.name_at]
        line = before[before.rfind(b"\n") + 1 :]
        return len(line) < _INDENT_BYTES and line.strip() in _LINE_LEADS

    @property
    def is_evident(self) -> bool:
        """Whether a space alone is enough between this name and a value."""
        return (
            self.form is not Form.SPACE
            or self.is_flag
            or b"_" in self.name
            or self.text[self.value_at : self.value_at + 1] in _QUOTES
        )


def name_start(text: bytes, place: int) -> int:
    """Return where the name begins that goes on at a place."""
    before = text[max(0, place - MAX_NAME_BYTES) : place]
    start = place - len(before) + len(before.rstrip(_NAME_CHARS))
    # `user%5Bpin%5D`: the digits of an encoded bracket are no part of the name.
    return start + 2 if text[start - 1 : start] == b"%" and start + 2 <= place else start


def next_place(text: bytes, start: int) -> Place | None:
    """Return the next name that is followed by something that separates it from a value."""
    while (found := _ASSIGNMENT.next(text, start)) is not None:
        groups = found.groups
        if groups is None:
            # Nobody reads a name of thousands of characters; its end is still one.
            start = found.end - MAX_NAME_BYTES
            continue
        word, name_end = groups.span(1)
        form = next(form for form in _FORMS if groups.start(form) >= 0)
        return Place(text, name_start(text, word), name_end, found.end, form)
    return None

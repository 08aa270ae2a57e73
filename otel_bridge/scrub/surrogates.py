r"""JSON with halves of surrogate pairs, ``"\ud800"``: valid (RFC 8259), often refused.

JavaScript writes it whenever it cuts a text in the middle of an emoji.
"""

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Never

_START = b"\\ud"


def may_hold_surrogates(line: bytes) -> bool:
    """Tell whether escaped surrogates can be why a line was refused."""
    return _START in line or _START.upper().replace(b"\\U", b"\\u") in line


def decode(line: bytes) -> Any:  # noqa: ANN401 (any JSON)
    """Return the value of a line; numbers with a point are exact.

    Raises:
        ValueError: The line is not JSON.
        RecursionError: It is nested too deeply.
    """
    return json.loads(line, parse_float=Decimal, parse_constant=_refuse)


def encode(value: Any) -> bytes:  # noqa: ANN401 (any JSON)
    """Write a value; what is no character is escaped as it was."""
    return _text(value).encode("utf-8", "backslashreplace")


def _text(value: Any) -> str:  # noqa: ANN401 (any JSON)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(str(k))}:{_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value)


def _refuse(name: str) -> Never:
    raise ValueError(f"{name} is no number of JSON")

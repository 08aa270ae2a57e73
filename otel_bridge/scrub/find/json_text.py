"""JSON inside text: what stands under a sensitive name goes, however deep it is nested."""

from collections.abc import Iterator
from typing import Any

import msgspec

from otel_bridge.scrub.find.gates import ESCAPED_LETTER
from otel_bridge.scrub.find.placeholder import is_template
from otel_bridge.scrub.find.prefilter import key_probe, name_probes
from otel_bridge.scrub.names.keys import KeyRules, Verdict
from otel_bridge.scrub.names.words import PERSONAL_KEYS
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import TOO_MUCH, Hit
from otel_bridge.scrub.search import compile_bytes

_TOKENS_PER_STEP = 4
_COLON = compile_bytes(rb"\s*:\s*")
_TOKEN = compile_bytes(rb"\"(?:[^\"\\]|\\.)*\"|[{}\[\],:]|[^\s{}\[\],:\"]+")


class JsonTexts:
    """Finds the values under sensitive names in texts that are JSON objects or lists."""

    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self.probes = (*name_probes(), key_probe(PERSONAL_KEYS), ESCAPED_LETTER)

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the values; nothing for texts that are not JSON."""
        if not may_be_json(text):
            return
        try:
            tree = msgspec.json.decode(text)
        except RecursionError:
            yield Hit(0, len(text), TOO_MUCH)
            return
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        names = self._sensitive_names(tree)
        if b"\\u" in text and names:
            yield from self._walk(text, 0, None)
            return
        for name, verdict in names.items():
            yield from self._under(text, msgspec.json.encode(name), verdict)

    def _sensitive_names(self, tree: Any) -> dict[str, Verdict]:  # noqa: ANN401 (any JSON)
        names: dict[str, Verdict] = {}
        nodes = [tree]
        while nodes:
            node = nodes.pop()
            if isinstance(node, dict):
                for name in node:
                    verdict = self._keys.decide(name)
                    if verdict is not None:
                        names[name] = verdict
                node = node.values()
            nodes += [inner for inner in node if isinstance(inner, dict | list)]
        return names

    def _under(self, text: bytes, name: bytes, verdict: Verdict) -> Iterator[Hit | None]:
        """Yield what stands under a name, wherever that is a key.

        A quote behind a backslash is inside a text; all others begin or end one.
        """
        place = text.find(name)
        while place >= 0:
            colon = _COLON.match(text, place + len(name))
            if colon is not None and text[place - 1 : place] != b"\\":
                yield from self._walk(text, colon.end(), verdict)
            else:
                yield None
            place = text.find(name, place + len(name))

    def _walk(self, text: bytes, start: int, verdict: Verdict | None) -> Iterator[Hit | None]:
        """Yield what is sensitive in the JSON value that begins at a place."""
        levels: list[tuple[bool, Verdict | None]] = []
        name: bytes | None = None
        for place, match in enumerate(_TOKEN.finditer(text, start)):
            if place % _TOKENS_PER_STEP == 0:
                yield None
            token = match[0]
            if token in (b"{", b"["):
                levels.append((token == b"{", verdict))
                name = None
            elif token in (b"}", b"]"):
                _, verdict = levels.pop()
                name = None
            elif token == b",":
                verdict = levels[-1][1]
                name = None
            elif token == b":":
                verdict = levels[-1][1] or self._keys.decide(_name_of(name))
            elif levels and levels[-1][0] and name is None:
                name = token
            else:
                yield from _value(match.start(), token, verdict)
            if not levels:
                return


def _value(start: int, token: bytes, verdict: Verdict | None) -> Iterator[Hit]:
    if verdict is None or token in (b"true", b"false", b"null"):
        return
    if not token.startswith(b'"'):
        if not verdict.weak:
            yield Hit(start, start + len(token), verdict.rule, quote=True)
        return
    inner = token[1:-1]
    if not inner or is_template(inner) or (verdict.weak and not is_random(inner)):
        return
    yield Hit(start + 1, start + len(token) - 1, verdict.rule)


def may_be_json(text: bytes) -> bool:
    """Tell whether a text begins and ends like an object or a list."""
    bare = text.strip()
    return bare[:1] + bare[-1:] in (b"{}", b"[]")


def _name_of(token: bytes | None) -> str:
    return str(msgspec.json.decode(token)) if token else ""

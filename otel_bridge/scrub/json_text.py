"""JSON inside text: what stands under a sensitive name goes, however deep it is nested."""

from collections.abc import Iterator

import msgspec
import re2

from otel_bridge.scrub.keys import KeyRules, Verdict
from otel_bridge.scrub.placeholder import is_template
from otel_bridge.scrub.prefilter import name_probes, personal_key_probe
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Hit

MAX_JSON_BYTES = 131_072

_TOKEN = re2.compile(rb"\"(?:[^\"\\]|\\.)*\"|[{}\[\],:]|[^\s{}\[\],:\"]+")


class JsonTexts:
    """Finds the values under sensitive names in texts that are JSON objects or lists."""

    also = ""
    is_quick = False

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self.probes = (*name_probes(), personal_key_probe())

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the values; nothing for texts that are not JSON."""
        if len(text) > MAX_JSON_BYTES or not _may_be_json(text):
            return
        try:
            msgspec.json.decode(text, type=msgspec.Raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        yield from self._walk(text)

    def _walk(self, text: bytes) -> Iterator[Hit]:
        levels: list[tuple[bool, Verdict | None]] = []
        name: bytes | None = None
        verdict: Verdict | None = None
        for match in _TOKEN.finditer(text):
            token = match[0]
            if token in (b"{", b"["):
                levels.append((token == b"{", verdict))
                name = None
            elif token in (b"}", b"]"):
                _, verdict = levels.pop()
                name = None
            elif token == b",":
                verdict = levels[-1][1] if levels else None
                name = None
            elif token == b":":
                inherited = levels[-1][1] if levels else None
                verdict = inherited or self._keys.decide(_name_of(name))
            elif levels and levels[-1][0] and name is None:
                name = token
            else:
                yield from _value(match.start(), token, verdict)


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


def _may_be_json(text: bytes) -> bool:
    bare = text.strip()
    return bare[:1] + bare[-1:] in (b"{}", b"[]")


def _name_of(token: bytes | None) -> str:
    return token[1:-1].decode("utf-8", "replace") if token else ""

"""Scrubbing one item: the texts it holds, the work it may cost, and what was taken out."""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import NamedTuple, TypeVar

from otel_bridge.scrub.addresses import is_private_ipv4, is_public, to_address
from otel_bridge.scrub.cuts import in_characters, one_back, up_to
from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.find.cookies import is_empty, values_of
from otel_bridge.scrub.find.form import QUERY_KEYS
from otel_bridge.scrub.find.json_text import may_be_json
from otel_bridge.scrub.find.sql import STATEMENT_KEYS
from otel_bridge.scrub.known import MIN_TEXT_CHARS, Known
from otel_bridge.scrub.lines import apart
from otel_bridge.scrub.names.keys import Verdict
from otel_bridge.scrub.names.words import INFRASTRUCTURE_KEYS, PEER_KEYS
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rewrite import Cut, scrub_text
from otel_bridge.scrub.rule import BEYOND_THE_CAP, SQL_LITERALS, Finding

LOOK_AHEAD_BYTES = 8_192
"""Twice as long as a value that is read behind a name."""

T = TypeVar("T")


class Remark(NamedTuple):
    """The cuts of the text at one path, and how many characters it had."""

    path: str
    cuts: list[Cut]
    length: int


class Job:
    """One record, event or JSON value on its way through the engine."""

    def __init__(self, engine: Engine, *, peer_is_client: bool = False) -> None:
        self._engine = engine
        self._left = engine.options.max_record_bytes
        self._peer_is_client = peer_is_client
        self.remarks: list[Remark] = []
        self.max_depth = engine.options.max_depth

    @property
    def rules(self) -> Counter[str]:
        """Return how often each rule has cut something."""
        rules: Counter[str] = Counter()
        self.count_into(rules)
        return rules

    def count_into(self, rules: Counter[str]) -> None:
        """Add how often each rule has cut something."""
        for remark in self.remarks:
            for cut in remark.cuts:
                rules[cut.rule] += 1

    @property
    def findings(self) -> list[Finding]:
        """Return every cut: rule, path and range in the input."""
        return [
            Finding(cut.rule, remark.path, cut.start, cut.end)
            for remark in self.remarks
            for cut in remark.cuts
        ]

    def verdict(self, name: str, path: str) -> Verdict | None:
        """Return what the name of a value, or its path, says about it."""
        engine = self._engine
        if engine.has_paths:
            if engine.allowed_path(path):
                return None
            if engine.denied_path(path):
                return Verdict("denied-path", weak=False)
        if self._peer_is_client and name in PEER_KEYS and engine.hides_people:
            return Verdict("client-ip", weak=True)
        return engine.keys.decide(name)

    def keeps_no_body(self, route: str) -> bool:
        """Tell whether the body of a request to this route must not be kept."""
        engine = self._engine
        return engine.hides_people or (bool(route) and engine.body_free_route(route))

    def is_replacement(self, value: object) -> bool:
        """Tell whether a value is what this stage has put in the place of a secret."""
        return isinstance(value, str) and self._engine.replacement.is_replacement(value)

    def left_out(self, rule: str, path: str) -> None:
        """Note that the value at a path was removed."""
        self.remarks.append(Remark(path, [Cut(rule, 0, 0, 0, 0, "x")], 0))

    def knows_field(self, name: object, text: str) -> bool:
        """Tell whether a text under this name was looked at before and may stay."""
        return (name, text) in self._engine.clean_fields

    @property
    def known(self) -> Known:
        """What was learned from other items."""
        return self._engine.known

    def know_field(self, name: str, text: str) -> None:
        """Remember that a text under this name may stay."""
        # What a peer's address is depends on the span around it.
        if name not in PEER_KEYS:
            self._engine.known.add_field(name, text)

    def part(self, kind: str, value: T, scrub: Callable[[T, int], T]) -> T:
        """Return what becomes of a part of an event, as ``Known.parts`` does of many."""
        return self._engine.known.parts(kind, (value,), scrub, self.remarks)[0]

    @property
    def clean_texts(self) -> Set[str]:
        """Return texts that hold nothing wherever they stand: to be asked before anything else."""
        return self._engine.clean_texts if not self._engine.has_paths else frozenset()

    def leaves_out(self, path: str) -> bool:
        """Tell whether what stands at a path is denied as a whole, and note that it goes."""
        if not self._is_denied(path):
            return False
        self.left_out("denied-path", path)
        return True

    def _is_denied(self, path: str) -> bool:
        engine = self._engine
        return engine.has_paths and engine.denied_path(path) and not engine.allowed_path(path)

    def text(self, text: str, path: str) -> str:
        """Return the text without its secrets; nothing of it where its path is denied."""
        if text and self._is_denied(path):
            return self.whole(text, "denied-path", path) or ""
        return self.key(text, path)

    def key(self, text: str, path: str) -> str:
        """Return the name of a value at a path without secrets: a denied path denies no names."""
        engine = self._engine
        if len(text) < MIN_TEXT_CHARS or text in engine.clean_texts:
            return text
        if engine.has_paths and engine.allowed_path(path):
            return text
        data = text.encode("utf-8", "surrogatepass")
        cap = min(engine.options.max_value_bytes, self._left)
        self._left -= min(len(data), cap)
        out, cuts = self._capped(data, cap, path)
        if not cuts:
            engine.known.add_text(text)
            return text
        cuts = in_characters(cuts, data, out)
        self.remarks.append(Remark(path, cuts, len(text)))
        return out.decode("utf-8", "surrogatepass")

    def lines(self, lines: Sequence[str], paths: Sequence[str], joint: str = "\n") -> list[str]:
        """Return lines without the secrets of the text that they are together."""
        engine = self._engine
        text = joint.join(lines)
        data = text.encode("utf-8", "surrogatepass")
        one_by_one = engine.has_paths or engine.options.path_styles
        if one_by_one or len(data) > min(engine.options.max_value_bytes, self._left):
            return [self.text(line, path) for line, path in zip(lines, paths, strict=True)]
        if text in engine.clean_lines:
            return list(lines)
        self._left -= len(data)
        whole, cuts = scrub_text(data, engine.detector, engine.replacement, "")
        if not cuts:
            engine.known.add_lines(text)
            return list(lines)
        raw = [line.encode("utf-8", "surrogatepass") for line in lines]
        out: list[str] = []
        for path, line, (new, own) in zip(paths, raw, apart(raw, cuts, whole), strict=True):
            if own:
                length = len(line.decode("utf-8", "surrogatepass"))
                self.remarks.append(Remark(path, in_characters(own, line, new), length))
            out.append(new.decode("utf-8", "surrogatepass"))
        return out

    def query(self, query: str, path: str) -> str:
        """Return a query string or form body without the values of sensitive names."""
        if query[:1] == "?" or "=" not in query:
            return self.text(query, path)
        known = len(self.remarks)
        text = f"?{query}"
        clean = self.text(text, path)
        if clean is text:
            return query
        if clean[:1] != "?":
            # All of it was replaced.
            return clean
        clean = clean[1:]
        for place in range(known, len(self.remarks)):
            remark = self.remarks[place]
            cuts = [one_back(cut) for cut in remark.cuts]
            self.remarks[place] = Remark(path, cuts, len(query))
        return clean

    def value_of(self, text: str, name: str, path: str) -> str | None:
        """Return what becomes of a text that stands under a name; None: it is to be left out."""
        verdict = self.verdict(name, path)
        if verdict is None:
            if name in STATEMENT_KEYS and self._engine.options.parameterise_sql:
                text = self._parameterised(text, path)
            elif name in INFRASTRUCTURE_KEYS and to_address(text) is not None:
                return text
            elif name in QUERY_KEYS:
                return self.query(text, path)
            return self.text(text, path)
        if not text:
            return text
        if verdict.weak and not _confirms(text, verdict):
            is_own = verdict.rule == "client-ip" and is_private_ipv4(text)
            return text if is_own else self.text(text, path)
        if verdict.rule == "cookie":
            return self._cookies(text, path)
        return self.whole(text, verdict.rule, path)

    def cookie(self, value: str, name: str, path: str) -> str:
        """Return what becomes of the value of one cookie."""
        data = value.encode("utf-8", "surrogatepass")
        if value and (
            self._engine.hides_people or self._is_credential(name.encode("utf-8", "replace"), data)
        ):
            return self.whole(value, "cookie", path) or ""
        return self.text(value, path)

    def whole(self, text: str, rule: str, path: str) -> str | None:
        """Return what replaces a value as a whole; None where it is to be left out."""
        if self.is_replacement(text):
            return text
        data = text.encode("utf-8", "surrogatepass")
        new, how = self._engine.replacement.of(data, rule, path)
        out = new.decode()
        self.remarks.append(Remark(path, [Cut(rule, 0, len(text), 0, len(out), how)], len(text)))
        return None if how == "x" else out

    def _capped(self, data: bytes, cap: int, path: str) -> tuple[bytes, list[Cut]]:
        engine = self._engine
        if len(data) <= cap:
            return scrub_text(data, engine.detector, engine.replacement, path)
        # A bit more is read, so that a secret that begins before the cap is seen as a whole. Of
        # JSON no part can be read alone.
        head = data[: cap + LOOK_AHEAD_BYTES] if cap and not may_be_json(data) else b""
        out, cuts = scrub_text(head, engine.detector, engine.replacement, path)
        start, out_start, cuts = up_to(min(cap, len(head)), data, cuts)
        if start == len(data):
            return out[:out_start], cuts
        tail, how = engine.replacement.of(data[start:], BEYOND_THE_CAP, path)
        cuts.append(Cut(BEYOND_THE_CAP, start, len(data), out_start, out_start + len(tail), how))
        return out[:out_start] + tail, cuts

    def _parameterised(self, statement: str, path: str) -> str:
        data = statement.encode("utf-8", "surrogatepass")
        out = self._engine.statements.parameterised(data)
        if out == data:
            return statement
        clean = out.decode("utf-8", "surrogatepass")
        cut = Cut(SQL_LITERALS, 0, len(statement), 0, len(clean), "s")
        self.remarks.append(Remark(path, [cut], len(statement)))
        return clean

    def _cookies(self, header: str, path: str) -> str | None:
        data = header.encode("utf-8", "surrogatepass")
        found = values_of(data)
        if not found:
            if is_empty(data):
                return self.text(header, path)
            return self.whole(header, "cookie", path)
        replacement = self._engine.replacement
        cuts: list[Cut] = []
        pieces: list[bytes] = []
        done = size = 0
        for name, start, end in found:
            value = data[start:end]
            if replacement.is_replacement(value.decode("utf-8", "replace")):
                continue
            if not self._engine.hides_people and not self._is_credential(name, value):
                continue
            new, how = replacement.of(value, "cookie", path)
            pieces += (data[done:start], new)
            size += start - done + len(new)
            cuts.append(Cut("cookie", start, end, size - len(new), size, how))
            done = end
        out = b"".join([*pieces, data[done:]])
        if not cuts:
            return self.text(header, path)
        cuts = in_characters(cuts, data, out)
        self.remarks.append(Remark(path, cuts, len(header)))
        return out.decode("utf-8", "surrogatepass")

    def _is_credential(self, name: bytes, value: bytes) -> bool:
        verdict = self._engine.keys.decide(name.decode("latin-1"))
        return verdict is not None or is_random(value)


def _confirms(text: str, verdict: Verdict) -> bool:
    if verdict.rule == "client-ip":
        return is_public(text)
    return is_random(text.encode("utf-8", "surrogatepass"))

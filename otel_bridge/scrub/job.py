"""Scrubbing one item: the texts it holds, the work it may cost, and what was taken out."""

from collections import Counter
from typing import NamedTuple

from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.keys import KeyRules, Verdict, globs
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.replacement import Replacement
from otel_bridge.scrub.rule import Finding
from otel_bridge.scrub.text import Cut, Detector, scrub_text

BEYOND_THE_CAP = "too-long"
BEYOND_THE_DEPTH = "too-deep"


class Engine:
    """What all items share: the compiled rules and options."""

    def __init__(self, options: ScrubOptions, detector: Detector, keys: KeyRules) -> None:
        self.options = options
        self.detector = detector
        self.keys = keys
        self.replacement = Replacement(options)
        self.allowed_path = globs(options.allow_paths)
        self.denied_path = globs(options.deny_paths)
        self.has_paths = bool(options.allow_paths or options.deny_paths)


class Remark(NamedTuple):
    """The cuts of the text at one path, and how many characters it had."""

    path: str
    cuts: list[Cut]
    length: int


class Job:
    """One record, event or JSON value on its way through the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._left = engine.options.max_record_bytes
        self.remarks: list[Remark] = []
        self.max_depth = engine.options.max_depth

    @property
    def rules(self) -> Counter[str]:
        """Return how often each rule has cut something."""
        return Counter(cut.rule for remark in self.remarks for cut in remark.cuts)

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
        return engine.keys.decide(name)

    def text(self, text: str, path: str) -> str:
        """Return the text without its secrets."""
        engine = self._engine
        data = text.encode("utf-8", "surrogatepass")
        cap = min(engine.options.max_value_bytes, self._left)
        self._left -= min(len(data), cap)
        if len(data) <= cap and engine.detector.is_clean(data):
            return text
        if engine.has_paths and engine.allowed_path(path):
            return text
        out, cuts = self._capped(data, cap, path)
        if not cuts:
            return text
        self.remarks.append(
            Remark(path, [_in_characters(cut, data, out) for cut in cuts], len(text))
        )
        return out.decode("utf-8", "surrogatepass")

    def _capped(self, data: bytes, cap: int, path: str) -> tuple[bytes, list[Cut]]:
        engine = self._engine
        if len(data) <= cap:
            return scrub_text(data, engine.detector, engine.replacement, path)
        while cap and data[cap] & 0xC0 == 0x80:
            cap -= 1
        out, cuts = scrub_text(data[:cap], engine.detector, engine.replacement, path)
        tail, how = engine.replacement.of(data[cap:], BEYOND_THE_CAP, path)
        cuts.append(Cut(BEYOND_THE_CAP, cap, len(data), len(out), len(out) + len(tail), how))
        return out + tail, cuts

    def value_of(self, text: str, name: str, path: str) -> str | None:
        """Return what becomes of a text that stands under a name."""
        verdict = self.verdict(name, path)
        if verdict is None:
            return self.text(text, path)
        if verdict.weak and not is_random(text.encode("utf-8", "surrogatepass")):
            return self.text(text, path)
        return self.whole(text, verdict.rule, path) if text else text

    def whole(self, text: str, rule: str, path: str) -> str | None:
        """Return what replaces a value as a whole; None where it is to be left out."""
        data = text.encode("utf-8", "surrogatepass")
        new, how = self._engine.replacement.of(data, rule, path)
        if data == new or text.startswith(("[Filtered", "hmac:")):
            return text
        out = new.decode()
        self.remarks.append(Remark(path, [Cut(rule, 0, len(text), 0, len(out), how)], len(text)))
        return None if how == "x" else out


def _in_characters(cut: Cut, data: bytes, out: bytes) -> Cut:
    if data.isascii() and out.isascii():
        return cut
    start, end = (_chars(data, place) for place in (cut.start, cut.end))
    out_start, out_end = (_chars(out, place) for place in (cut.out_start, cut.out_end))
    return Cut(cut.rule, start, end, out_start, out_end, cut.how)


def _chars(data: bytes, place: int) -> int:
    return len(data[:place].decode("utf-8", "surrogatepass"))

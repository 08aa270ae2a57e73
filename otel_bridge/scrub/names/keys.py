"""Which names say that their value is a secret or personal: by tokens, never by substring."""

from itertools import pairwise
from typing import NamedTuple

from otel_bridge.scrub.globs import any_glob
from otel_bridge.scrub.names.words import (
    DESCRIPTORS,
    HARMLESS_KEYS,
    HARMLESS_LAST,
    HARMLESS_PAIRS,
    HARMLESS_WORDS,
    LAST_ENDINGS,
    LAST_WORDS,
    ORDINARY_WORDS,
    PARAMETER_PREFIX,
    PERSONAL_KEYS,
    STRONG_ENDINGS,
    STRONG_PAIRS,
    STRONG_WORDS,
    TRAILERS,
    WEAK_PAIRS,
    WEAK_WORDS,
)
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.replacement import REPLACEMENT
from otel_bridge.scrub.rule import SQL_LITERALS

MAX_CACHED_NAMES = 8_192
MAX_NAME_CHARS = 256
"""A longer name is judged by its last part; sensitive words come last."""


class Verdict(NamedTuple):
    """What a name says about its value."""

    rule: str
    weak: bool
    """Whether the value must look random as well."""


def to_tokens(name: str) -> tuple[str, ...]:
    """Split a name on everything but letters and digits, and at changes of case.

    ``x-api-key``, ``xApiKey`` and ``X_API_KEY`` all give ``("x", "api", "key")``.
    """
    tokens: list[str] = []
    word = ""
    for place, char in enumerate(name):
        if not char.isalnum():
            word = _flush(tokens, word)
            continue
        if char.isupper() and word:
            after = name[place + 1 : place + 2]
            if not word[-1].isupper() or (after.islower() and not word[-1].isdigit()):
                word = _flush(tokens, word)
        word += char
    _flush(tokens, word)
    return tuple(tokens)


def _flush(tokens: list[str], word: str) -> str:
    if word:
        tokens.append(word.lower())
    return ""


_NUMBER = "0123456789"


def judge_name(name: str) -> Verdict | None:
    """Return what a name says, None for a harmless one.

    Before the last dot stands where the name belongs, which takes nothing back: what is under
    ``com.example.db.password`` is a password, what is under ``example_password`` is an example.
    """
    place, _, last = name.rpartition(".")
    if not place:
        return judge(to_tokens(name))
    own = to_tokens(last)
    if not own or not HARMLESS_WORDS.isdisjoint(own):
        return None
    return judge((*(t for t in to_tokens(place) if t not in HARMLESS_WORDS), *own))


def judge(tokens: tuple[str, ...]) -> Verdict | None:
    """Return what the tokens of a name say, None for a harmless name."""
    while len(tokens) > 1 and (tokens[-1] in TRAILERS or tokens[-1].isdigit()):
        if tokens[-2:] in STRONG_PAIRS:
            break
        tokens = tokens[:-1]
    if not tokens or not HARMLESS_WORDS.isdisjoint(tokens):
        return None
    last_two = (tokens[-2] if len(tokens) > 1 else "", tokens[-1])
    if last_two in WEAK_PAIRS:
        return Verdict(WEAK_PAIRS[last_two], weak=True)
    if tokens[-1] in DESCRIPTORS and last_two not in STRONG_PAIRS:
        return None
    pairs = list(pairwise(tokens))
    for pair in pairs:
        if pair in STRONG_PAIRS:
            return Verdict(STRONG_PAIRS[pair], weak=False)
    if not HARMLESS_PAIRS.isdisjoint(pairs):
        return None
    return _judge_words(tokens)


def is_harmless(tokens: tuple[str, ...]) -> bool:
    """Tell whether a name takes back what it says: ``primary_key``, ``token_type``."""
    if not HARMLESS_WORDS.isdisjoint(tokens) or not HARMLESS_PAIRS.isdisjoint(pairwise(tokens)):
        return True
    if not tokens or tokens[-1] in ORDINARY_WORDS:
        return bool(tokens)
    if tokens[-1] not in DESCRIPTORS:
        return False
    return tokens[-2:] not in STRONG_PAIRS and tokens[-2:] not in WEAK_PAIRS


def _judge_words(tokens: tuple[str, ...]) -> Verdict | None:
    last = len(tokens) - 1
    for place in range(last, -1, -1):
        rule = _rule_of_word(tokens[place])
        if rule is not None:
            return Verdict(rule, weak=place != last and rule != "password")
    word = tokens[-1].rstrip(_NUMBER) or tokens[-1]
    rule = LAST_WORDS.get(tokens[-1]) or LAST_WORDS.get(word) or _rule_of_last_ending(word)
    if rule is not None:
        return Verdict(rule, weak=False)
    if word in WEAK_WORDS or (word.endswith("key") and word not in ORDINARY_WORDS):
        return Verdict(WEAK_WORDS.get(word, "key"), weak=True)
    return None


def _rule_of_last_ending(word: str) -> str | None:
    if word in HARMLESS_LAST:
        return None
    return next((rule for ending, rule in LAST_ENDINGS.items() if word.endswith(ending)), None)


def _rule_of_word(token: str) -> str | None:
    token = token.rstrip(_NUMBER)
    if token in STRONG_WORDS:
        return STRONG_WORDS[token]
    return next((rule for ending, rule in STRONG_ENDINGS.items() if token.endswith(ending)), None)


class KeyRules:
    """Decides about names, and remembers what it decided."""

    def __init__(self, options: ScrubOptions) -> None:
        self._allowed = any_glob(options.allow_keys)
        self._denied = any_glob(options.deny_keys)
        self._switched_off = any_glob(options.allow_rules)
        self._personal = not options.send_default_pii
        self._parameters = options.parameterise_sql and options.preset in ("default", "strict")
        self._strict = options.preset == "strict"
        self._off = options.preset == "off"
        self._seen: dict[str, Verdict | None] = {}
        self._in_text: dict[str, Verdict | None] = {}

    def decide(self, name: str) -> Verdict | None:
        """Return what is to be done with the value of this name, None for nothing special."""
        try:
            return self._seen[name]
        except KeyError:
            pass
        verdict = None if self._off else self._judge(name[-MAX_NAME_CHARS:])
        if len(self._seen) >= MAX_CACHED_NAMES:
            self._seen.clear()
        if len(name) <= MAX_NAME_CHARS:
            self._seen[name] = verdict
        return verdict

    def of_text(self, name: str) -> Verdict | None:
        """Return what a name in running text says: there, personal names are no evidence."""
        try:
            return self._in_text[name]
        except KeyError:
            pass
        verdict = None if self._off or self._allowed(name) else judge_name(name)
        if verdict is not None and self._switched_off(verdict.rule):
            verdict = None
        if len(self._in_text) >= MAX_CACHED_NAMES:
            self._in_text.clear()
        if len(name) <= MAX_NAME_CHARS:
            self._in_text[name] = verdict
        return verdict

    def _judge(self, name: str) -> Verdict | None:
        if "[" in name or ":" in name:
            # A marker names its rule, which says nothing about the value under this key.
            name = REPLACEMENT.sub(b"", name.encode("utf-8", "replace")).decode()
        if self._denied(name):
            return Verdict("denied-key", weak=False)
        if self._allowed(name) or name in HARMLESS_KEYS:
            return None
        if self._parameters and name.startswith(PARAMETER_PREFIX):
            return Verdict(SQL_LITERALS, weak=False)
        verdict = judge_name(name)
        if verdict is None and self._personal and name.lower() in PERSONAL_KEYS:
            verdict = Verdict(PERSONAL_KEYS[name.lower()], weak=False)
        if verdict is None or self._switched_off(verdict.rule):
            return None
        return Verdict(verdict.rule, weak=False) if self._strict else verdict

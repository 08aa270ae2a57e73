"""What the scrubber may be told, checked once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import re2

from otel_bridge.errors import ConfigError
from otel_bridge.scrub.bodies import BODY_FREE_ROUTES

MIN_HMAC_KEY_BYTES = 32
"""As long as the digest: a shorter key weakens HMAC-SHA256 (RFC 2104, section 3)."""


KEY_ID = r"[A-Za-z0-9_.-]{1,64}"
"""Without a colon, which ends it in a pseudonym, and short enough to be known as a part of one."""
_MAX_KEY_ID_CHARS = 64


class Style(StrEnum):
    """What stands in the place of a secret."""

    MARKER = "marker"
    """``[Filtered:rule-id]``."""
    HMAC = "hmac"
    """``hmac:key-id:digest``: equal values stay equal, nothing else can be learned."""
    MASK = "mask"
    """As many asterisks as there were letters and digits."""
    DROP = "drop"
    """Nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrubOptions:
    """How telemetry is scrubbed. Globs know ``*`` and ``?`` and ignore case."""

    preset: Literal["off", "keys", "default", "strict"] = "default"
    allow_keys: tuple[str, ...] = ()
    """Globs of attribute keys whose values are left alone by the key rules."""
    deny_keys: tuple[str, ...] = ()
    """Globs of attribute keys whose values are always replaced whole."""
    allow_paths: tuple[str, ...] = ()
    """Globs of dotted paths at which nothing is changed."""
    deny_paths: tuple[str, ...] = ()
    """Globs of dotted paths at which the whole value is replaced."""
    allow_rules: tuple[str, ...] = ()
    """Globs of rule ids that are switched off."""
    deny_rules: tuple[str, ...] = ()
    """Globs of rule ids that are switched on although the preset leaves them out, as ``phone``."""
    extra_patterns: Mapping[str, str] = field(default_factory=dict)
    """Rules of your own, RE2 patterns by id. The first group is replaced, without groups all."""
    style: Style = Style.MARKER
    rule_styles: Mapping[str, Style] = field(default_factory=dict)
    """Styles by glob of the rule id; the first that fits wins over ``style``."""
    path_styles: Mapping[str, Style] = field(default_factory=dict)
    """Styles by glob of the path; the first that fits wins over all others."""
    hmac_key: str = field(default="", repr=False)
    hmac_key_id: str = ""
    send_default_pii: bool = False
    """Let client addresses, e-mail addresses, user names, cookies and bodies pass."""
    body_free_routes: tuple[str, ...] = BODY_FREE_ROUTES
    """Globs of routes and paths whose bodies are never kept, whatever else is allowed."""
    parameterise_sql: bool = True
    """Replace the literals of whole SQL statements by ``?``."""
    annotate: bool = False
    """Add the attribute ``otel_bridge.scrubbed`` to every record that was changed."""
    dry_run: bool = False
    """Report what would be changed, and change nothing."""
    max_value_bytes: int = 262_144
    """What a single text holds beyond this is replaced unread."""
    max_record_bytes: int = 1_048_576
    """What a record holds beyond this, counted over all its texts, is replaced unread."""
    max_depth: int = 32
    """What is nested deeper than this is replaced unread."""

    def __post_init__(self) -> None:
        problems = [*_pattern_problems(self.extra_patterns), *_hmac_problems(self)]
        if self.preset not in ("off", "keys", "default", "strict"):
            problems.append(
                f"scrub.preset: wanted off, keys, default or strict, found {self.preset!r}"
            )
        for name in ("max_value_bytes", "max_record_bytes", "max_depth"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                problems.append(f"scrub.{name}: wanted a whole number above 0, found {value!r}")
        if problems:
            raise ConfigError(problems)

    def styles(self) -> frozenset[str]:
        """Return every style that can be used with these options."""
        return frozenset(
            map(str, (self.style, *self.rule_styles.values(), *self.path_styles.values()))
        )


def _pattern_problems(patterns: Mapping[str, str]) -> list[str]:
    problems = []
    quiet = re2.Options()
    quiet.log_errors = False
    for name, pattern in patterns.items():
        if re2.fullmatch(KEY_ID, name) is None:
            problems.append(
                "scrub.extra_patterns: wanted ids of 1 to 64 letters, digits, dots, dashes and "
                f"underscores, found {name[:_MAX_KEY_ID_CHARS]!r}"
            )
        try:
            re2.compile(pattern, quiet)
        except re2.error as refusal:
            reason = refusal.args[0] if refusal.args else "it cannot be compiled"
            if isinstance(reason, bytes):
                reason = reason.decode("utf-8", "replace")
            problems.append(f"scrub.extra_patterns.{name}: wanted an RE2 pattern, found: {reason}")
    return problems


def _hmac_problems(options: ScrubOptions) -> list[str]:
    problems: list[str] = []
    known = {str(style) for style in Style}
    wanted = ", ".join(sorted(known))
    problems += [
        f"scrub.style: wanted {wanted}, found {style!r}"
        for style in sorted(options.styles() - known)
    ]
    if "hmac" in options.styles():
        length = len(options.hmac_key.encode())
        if length < MIN_HMAC_KEY_BYTES:
            problems.append(
                f"scrub.hmac_key: wanted at least {MIN_HMAC_KEY_BYTES} bytes, found {length}"
            )
        key_id = options.hmac_key_id
        if re2.fullmatch(KEY_ID, key_id) is None:
            found = repr(key_id) if len(key_id) <= _MAX_KEY_ID_CHARS else f"{len(key_id)} of them"
            problems.append(
                "scrub.hmac_key_id: wanted a name for the key of 1 to 64 letters, digits, dots, "
                f"dashes and underscores, found {found}"
            )
    return problems

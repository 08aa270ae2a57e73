"""What stands in the place of a secret: a marker, a pseudonym, a mask or nothing."""

import hashlib
import hmac

from otel_bridge.scrub.globs import any_glob
from otel_bridge.scrub.options import ScrubOptions, Style
from otel_bridge.scrub.search import compile_bytes

MAX_MASK_BYTES = 64
DIGEST_CHARS = 24
"""96 bits: enough that two of a thousand million values do not meet."""

_HOW = {Style.MARKER: "s", Style.HMAC: "p", Style.MASK: "m", Style.DROP: "x"}

MARKER_START, PSEUDONYM_START = b"[Filtered:", b"hmac:"
REPLACEMENT = compile_bytes(
    rb"\[Filtered:[A-Za-z0-9_.-]{1,64}\]|hmac:[A-Za-z0-9_.-]{1,64}:[0-9a-f]{24}"
)
"""What this stage puts in the place of a secret."""


class Replacement:
    """Makes replacements in the style that the options ask for."""

    def __init__(self, options: ScrubOptions) -> None:
        self._style = Style(options.style)
        self._rule_styles = [(any_glob((g,)), Style(s)) for g, s in options.rule_styles.items()]
        self._path_styles = [(any_glob((g,)), Style(s)) for g, s in options.path_styles.items()]
        self._key = options.hmac_key.encode()
        self._key_id = options.hmac_key_id

    def of(self, secret: bytes, rule: str, path: str) -> tuple[bytes, str]:
        """Return what replaces a secret, and Sentry's letter for this kind of change."""
        style = self.style(rule, path)
        return self._make(style, secret, rule), _HOW[style]

    def is_replacement(self, text: str) -> bool:
        """Tell whether a text is what this stage has put in the place of a secret."""
        is_mask = not text.strip("*")
        return is_mask or REPLACEMENT.fullmatch(text.encode("utf-8", "surrogatepass")) is not None

    def style(self, rule: str, path: str) -> Style:
        """Return the style for a rule at a path."""
        for fits, style in self._path_styles:
            if fits(path):
                return style
        for fits, style in self._rule_styles:
            if fits(rule):
                return style
        return self._style

    def _make(self, style: Style, secret: bytes, rule: str) -> bytes:
        if style is Style.MARKER:
            return b"[Filtered:%s]" % rule.encode()
        if style is Style.DROP:
            return b""
        if style is Style.MASK:
            return b"*" * min(len(secret), MAX_MASK_BYTES)
        digest = hmac.new(self._key, rule.encode() + b"\0" + secret, hashlib.sha256).hexdigest()
        return f"hmac:{self._key_id}:{digest[:DIGEST_CHARS]}".encode()

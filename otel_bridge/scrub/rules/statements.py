"""Passwords in what is said to databases, wherever it is quoted: logs, errors, shells."""

from otel_bridge.scrub.find.placeholder import is_placeholder
from otel_bridge.scrub.rule import Rule

_NO_PASSWORDS = frozenset(
    b"LOGIN PLAIN CRAM-MD5 TLS SSL XOAUTH2 NTLM GSSAPI EXTERNAL check success succeeded service flow "  # noqa: E501 (words, not a column)
    b"module handler middleware header token bypass rejected started done values externally "
    b"globally by user provider".split()
)
_COLUMN = "passw|pwd|secret|token|api_?key|credential|private_?key"
_QUOTED = r"[\"'](?P<s>[^\"'\n]{1,200})[\"']"


def _is_password(secret: bytes) -> bool:
    if secret in _NO_PASSWORDS or secret.lower() in _NO_PASSWORDS:
        return False
    return not is_placeholder(secret) and not secret.startswith((b":", b"@", b"$"))


def _has_literal(values: bytes) -> bool:
    """Tell whether a row holds a text that is not a placeholder of a driver or of ours."""
    texts = (
        part.strip(b" '\"") for part in values.split(b",") if part.strip()[:1] in (b"'", b'"')
    )
    return any(text and not is_placeholder(text) for text in texts)


def _is_one_word(secret: bytes) -> bool:
    return b" " not in secret and not secret.isalpha() and _is_password(secret)


RULES = (
    Rule(
        id="redis-auth",
        probes=(r"AUTH\s+[^\s]",),
        # Only where it is the whole line: `AUTH` begins sentences too.
        pattern=r"(?m:^)[ \t>\"']*AUTH[ \t]+(?:[^\s\"']{1,64}[ \t]+)?[\"']?"
        r"(?P<s>[^\s\"']{3,200})[\"']?[ \t;]*(?m:$)",
        accepts=_is_password,
    ),
    Rule(
        id="redis-login",
        probes=(r"(?i:hello)\s+[23]\s+(?i:auth)\s", r"(?i:migrate)\s[^\n]*(?i:auth)"),
        pattern=r"(?:\b(?i:hello)\s+[23]\s+(?i:auth)\s+\S{1,64}|"
        r"\b(?i:migrate)\s[^\n]{1,400}?\s(?i:auth|auth2\s+\S{1,64}))\s+[\"']?"
        r"(?P<s>[^\s\"']{1,200})",
        accepts=_is_password,
    ),
    Rule(
        id="redis-password",
        probes=(r"(?i:requirepass|masterauth)[\"'\s]", r"(?i:acl\s+setuser)\s"),
        pattern=r"(?:(?i:requirepass|masterauth)[\"']?\s+[\"']?|"
        r"(?i:\bacl\s+setuser)\s+\S{1,64}[^\n]{0,200}?\s[\"']?[>#])(?P<s>[^\s\"']{1,200})",
        accepts=_is_password,
    ),
    Rule(
        id="identified-by",
        probes=(r"(?i:identified\s+(?:by|with|using))\s",),
        pattern=r"(?i:\bidentified\s+(?:by|(?:with|using)\s+\S{1,64}\s+(?:by|as|using)))\s+"
        rf"(?i:password\s+)?\\?{_QUOTED}",
        accepts=_is_password,
    ),
    Rule(
        id="identified-by-bare",
        probes=(r"(?i:identified\s+by)\s",),
        # Without quotes the words alone are prose: "files are identified by number".
        pattern=r"(?i:\b(?:create|alter)\s+(?:user|role)\b|\bgrant\b)[^\n;]{1,200}?"
        r"(?i:\bidentified\s+by)\s+(?P<s>[^\s\"'`;,?(\\\[][^\s\"'`;,]{0,128})",
        accepts=_is_password,
    ),
    Rule(
        id="set-password",
        probes=(r"(?i:set\s+password\s)", r"(?i:set\s+password=)"),
        pattern=r"(?i:\bset\s+password(?:\s+for\s+[^\s=]{1,128})?)\s*(?:=|(?i:\bto\b))\s*"
        rf"(?i:password|old_password)?\s*\(?\s*\\?{_QUOTED}",
        accepts=_is_password,
    ),
    Rule(
        id="sql-values",
        probes=(rf"(?i:insert\s+into\s)[^)]*(?i:{_COLUMN})",),
        pattern=rf"(?i:\binsert\s+into\s+[^\s(]{{1,128}}\s*\([^)]{{0,400}}(?:{_COLUMN})[^)]{{0,400}}\)"
        r"\s*values\s*\()(?P<s>[^)\n]{1,1000})",
        accepts=_has_literal,
    ),
    Rule(
        id="sql-duplicate",
        probes=(r"(?i:duplicate entry) \\*'",),
        pattern=r"(?i:duplicate entry) \\*'(?P<s>[^'\\\n]{1,200})\\*' (?i:for key)",
        accepts=lambda secret: not secret.startswith((b"[Filtered", b"hmac:")),
    ),
    Rule(
        id="password-call",
        probes=(r"(?i:password)\(\s*\\*[\"']",),
        pattern=rf"(?i:password)\(\s*\\?{_QUOTED}\s*\)",
        accepts=_is_one_word,
    ),
)

"""Credentials in URLs, headers and cookies."""

from otel_bridge.scrub.checks import is_basic_credential
from otel_bridge.scrub.find.placeholder import is_placeholder, is_template
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.replacement import REPLACEMENT
from otel_bridge.scrub.rule import Rule

_LONG = 24
"""A bearer token of letters alone has more of them than any word."""
_DSN_KEY_CHARS = 32
"""The public part of a DSN names a project and opens nothing but the way in."""


def _is_real(secret: bytes) -> bool:
    return not is_placeholder(secret)


def _is_real_password(secret: bytes) -> bool:
    return len(set(secret)) > 1 and not is_template(secret) and not secret.startswith(b"%s")


def _is_real_row(row: bytes) -> bool:
    return bool(REPLACEMENT.sub(b"", row).strip(b" ,*"))


def _looks_like_token(secret: bytes) -> bool:
    has_digit = secret.translate(None, b"0123456789") != secret
    return not is_placeholder(secret) and (has_digit or b"_" in secret or len(secret) > _LONG)


RULES = (
    Rule(
        id="sql-parameters",
        probes=(r"\[(?i:parameters): ",),
        pattern=r"\[(?i:parameters): (?P<s>[^\n]+?)\](?:\n|$| \()",
    ),
    Rule(
        id="sql-row",
        probes=(r"(?i:detail:\s+(?:key|failing row))",),
        pattern=r"(?i:detail:\s+(?:key \([^)\n]*\)=|failing row contains ))\((?P<s>[^\n]*)\)",
        accepts=_is_real_row,
    ),
    Rule(
        id="url-password",
        probes=(r"/\\?/[^\s/@]*:[^\s@]*@",),
        pattern=r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|^|[\s\"'=])(?:\\?/){2}[^\s/:@\"'<>\\]*:(?P<s>[^\s\"'<>/\\]+)@[^\s@]",
        accepts=_is_real_password,
        priority=1,
    ),
    Rule(
        id="url-password-slash",
        probes=(r"/\\?/[^\s/@]*:[^\s@]*@",),
        # A slash in a password should be encoded. In the URL of a page it would end the host.
        pattern=r"(?i:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|oracle|"
        r"clickhouse|cockroachdb|snowflake|redshift|s?ftp|ldaps?|smtps?|imaps?|kafka|nats)"
        r"(?:\+[a-z0-9]{1,20})?:(?:\\?/){2}[^\s/:@\"'<>\\]*:"
        r"(?P<s>[^\s\"'<>@?/\\]*/[^\s\"'<>@?\\]*)@[^\s@]",
        accepts=_is_real_password,
        priority=1,
    ),
    Rule(
        id="go-dsn-password",
        probes=(r"@(?:tcp[46]?|udp|unix|cloudsql[a-z-]*)\(",),
        # `user:x@tcp(host)/db`, as drivers for Go write it.
        pattern=r"(?:^|[^\w.%+-])[\w.%+-]{1,64}:(?P<s>[^\s\"'`()]{1,128})"
        r"@(?:tcp[46]?|udp|unix|cloudsql[a-z-]*)\(",
        accepts=_is_real_password,
        priority=1,
    ),
    Rule(
        id="oracle-dsn-password",
        probes=(r"(?i:jdbc:oracle:)",),
        pattern=r"(?i:jdbc:oracle:(?:thin|oci8?|kprb):)[^\s/@\"'()]{1,64}/"
        r"(?P<s>[^\s\"'/]{1,128})@",
        accepts=_is_real_password,
        priority=1,
    ),
    Rule(
        id="url-user-token",
        probes=(r"//[A-Za-z0-9_.-]{20}[A-Za-z0-9_.-]*@",),
        pattern=r"https?://(?P<s>[A-Za-z0-9_.-]{20,})@[A-Za-z0-9]",
        accepts=lambda secret: is_random(secret) and len(secret) != _DSN_KEY_CHARS,
        priority=1,
    ),
    Rule(
        id="bearer",
        probes=(r"(?i:bearer)(?:[\s+=:]|%20)",),
        pattern=r"(?:\b|%[0-9A-F]{2})(?i:bearer)(?:\s|%20|\+|=|: ?)+"
        r"[\"']?(?P<s>[A-Za-z0-9._~+/%=|:-]{8,})",
        accepts=_looks_like_token,
    ),
    Rule(
        id="basic-auth",
        probes=(r"(?i:basic)(?:\s|%20)",),
        pattern=r"(?i:\bbasic)(?:\s|%20)+(?P<s>[A-Za-z0-9+/]{8,}={0,2})(?:[^A-Za-z0-9+/=]|$)",
        accepts=lambda secret: not is_placeholder(secret) and is_basic_credential(secret),
    ),
    Rule(
        id="digest-auth",
        probes=(r"(?i:response)=\\*\"[0-9a-f]{16}",),
        pattern=r"(?i:\bresponse)=\\*\"(?P<s>[0-9a-f]{32,64})\\*\"",
    ),
    Rule(
        id="signed-url",
        probes=(
            "(?i:[?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|sig|signature|hdnea|hmac|token|st|jwt|auth|access_token|id_token|code|key)(?:=|%3d))",
            "(?i:saml(?:response|request)(?:=|%3d))",
        ),
        pattern=r"(?i:[?&;](?:amp;)?(?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|sig|signature|hdnea|hmac|token|jwt|auth|access_token|id_token)(?:=|%3d)|"
        r"(?:^|[?&;\s\"'])(?:amp;)?saml(?:response|request)(?:=|%3d))(?P<s>[^\s&\"'<>#;\\]{8,})",
        accepts=_is_real,
    ),
    Rule(
        id="oauth-code",
        probes=("(?i:[?&](?:code|state)=)",),
        pattern=r"(?i:[?&]code=)(?P<s>[A-Za-z0-9._~%/+-]{16,})",
        accepts=is_random,
    ),
    Rule(
        id="session-cookie",
        probes=(
            "(?i:phpsessid|jsessionid|asp.net_sessionid|connect.sid|sessionid|csrftoken|xsrf-token|"
            "laravel_session|_session|session|sid|remember_|auth[_-]?token|_identity|aspnetcore|aspxauth|"
            "wordpress_)(?:[A-Za-z0-9_.-]*)(?:=|%3d)",
        ),
        pattern=r"(?i:(?:phpsessid|jsessionid|asp\.net_sessionid|connect\.sid|sessionid|csrftoken|"
        r"xsrf-token|laravel_session|[a-z0-9_.-]*_session|remember_[a-z0-9_]*|"
        r"(?:^|[^a-z])(?:session|sid)|"
        r"\.aspxauth|\.aspnetcore\.[a-z0-9_.-]*|wordpress_[a-z0-9_]*)=)(?P<s>[A-Za-z0-9._~%+/:|=-]{12,})",
        accepts=is_random,
    ),
)

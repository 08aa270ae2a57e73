"""Formats that belong to no vendor: JWT, bearer headers, credentials in URLs, private keys."""

from otel_bridge.scrub.checks import is_jwt
from otel_bridge.scrub.placeholder import is_placeholder
from otel_bridge.scrub.rule import Rule


def _is_real(secret: bytes) -> bool:
    return not is_placeholder(secret)


RULES = (
    Rule(
        id="jwt",
        probes=("eyJ",),
        pattern=r"(?P<s>eyJ[\w-]{10,}\.[\w-]{4,}(?:\.[\w-]*){1,3})",
        accepts=is_jwt,
        priority=2,
    ),
    Rule(
        id="bearer",
        probes=("(?i:bearer) ?",),
        pattern=r"(?i:\bbearer)(?: |%20|\+){1,3}(?P<s>[A-Za-z0-9._~+/=-]{8,})",
        accepts=_is_real,
    ),
    Rule(
        id="basic-auth",
        probes=("(?i:basic) ",),
        pattern=r"(?i:\bbasic) {1,3}(?P<s>[A-Za-z0-9+/]{8,}={0,2})",
        accepts=_is_real,
    ),
    Rule(
        id="url-password",
        probes=(r"://[^\s/]{0,200}@",),
        pattern=r"[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\s/:@\"'<>]{0,120}:(?P<s>[^\s\"'<>/]{1,200})@",
        accepts=_is_real,
        priority=1,
    ),
    Rule(
        id="private-key",
        probes=("-----BEGIN",),
        pattern=r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?P<s>[^[](?s:.*?))"
        r"(?:-----END|\z)",
        priority=2,
    ),
)

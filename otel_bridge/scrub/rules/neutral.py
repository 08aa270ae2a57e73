"""Formats that belong to no vendor: JSON web tokens, PASETO, keys in armour, encrypted cookies."""

from otel_bridge.scrub.checks import is_jwt
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.tokens import expand, is_no_sample, token

_ARMOUR_LINE_BYTES = 64
"""As long as PEM makes its lines (RFC 7468)."""
_MIN_BLOCK_BYTES = 24
"""Less is no key: ``anything`` stands there in documentation."""


def _block(rule: str, begin: str, end: str) -> Rule:
    """Make the rule of an armoured block: all between the first line and the last, or the end."""
    return Rule(
        id=rule,
        pattern=rf"{begin}(?:\\[nr]|\s)*(?P<s>[A-Za-z0-9+/=(](?s:.*?))(?:\\[nr]|\s)*(?:{end}|\z)",
        probes=(begin,),
        accepts=lambda body: len(body) >= _MIN_BLOCK_BYTES,
    )


def _is_armour(body: bytes) -> bool:
    """Tell whether lines are base64 and not digests in hex."""
    return body.lower() != body and body.upper() != body and is_random(body[:_ARMOUR_LINE_BYTES])


RULES = (
    Rule(
        id="jwt",
        probes=("(?:eyJ|ewog)[A-Za-z0-9_-]{6}",),
        pattern=r"(?P<s>(?:eyJ|ewog)[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3})",
        accepts=is_jwt,
        priority=1,
    ),
    token("jwt-in-base64", "ZXlK%B{40,}={0,2}"),
    token(
        "paseto",
        r"v[1-4]\.(?:local|public)\.%U{40,}(?:\.%U{4,})?",
        probe=r"v[1-4]\.(?:local|public)\.",
    ),
    _block("private-key", "-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----", "-----END"),
    _block("putty-key", "Private-Lines:", "Private-MAC:"),
    Rule(
        # The middle of a key, of which neither the first line nor the last is in sight.
        id="armoured-lines",
        probes=(r"[A-Za-z0-9+/]{4}[ \t\\nr\"'+,]*\n[ \t\"']*[A-Za-z0-9+/]{32}",),
        pattern=expand(
            r"(?:^|[^A-Za-z0-9+/])(?P<s>%B{64}(?:[ \t\\nr\"'+,]*\n[ \t\"']*%B{64})+"
            r"(?:[ \t\\nr\"'+,]*\n[ \t\"']*%B{4,63}={0,2})?)(?:[^A-Za-z0-9+/]|$)"
        ),
        accepts=_is_armour,
        # Certificates and public keys are for everybody.
        not_after=r"BEGIN [A-Z0-9 ]*(?:PUBLIC KEY|CERTIFICATE|REQUEST|CRL)-----[\s\\nr\"']*",
        priority=1,
    ),
    Rule(
        id="private-key-end",
        probes=("-----END [A-Z0-9 ]*PRIVATE KEY",),
        # Longer than a pseudonym, so that what was replaced once is not found again.
        pattern=r"(?:^|[^A-Za-z0-9+/=])(?P<s>[A-Za-z0-9+/=][A-Za-z0-9+/=\s\"'\\,]{40,}?)"
        r"(?:\\[nr]|[\s\"',])*-----END [A-Z0-9 ]*PRIVATE KEY",
        priority=1,
    ),
    token("openssh-key-body", "b3BlbnNzaC1rZXktdjE%B{20,}={0,2}"),
    token("fernet-token", "gAAAAA%U{60,}={0,2}"),
    token("django-secret-key", r"django-insecure-[^\s\"'`]{20,}", probe="django-insecure-"),
    token("laravel-app-key", "base64:%B{43}=", ends=True),
    token("aspnet-protected-data", "CfDJ8%U{60,}"),
    token("laravel-cookie", "eyJpdiI6%B{40,}={0,2}"),
    token("rails-signed-value", "%B{20,}={0,2}--%H{40,64}", probe="--%H{40}"),
    token(
        "itsdangerous-value",
        r"(?:\.eJ|eyJ)%U{8,}\.[A-Za-z][A-Za-z0-9_-]{5}\.%U{27,}",
        probe=r"(?:eJ|eyJ)%U{8}",
    ),
    token(
        "express-session",
        "s(?:%3A|:)%U{24,36}\\.[A-Za-z0-9+/%]{40,}",
        probe="s(?:%3A|:)%U{24}",
        short=True,
    ),
    Rule(
        id="otpauth-seed",
        probes=("otpauth://",),
        pattern=r"otpauth://[^\s\"']*?secret=(?P<s>[A-Za-z2-7=]{8,})",
    ),
    Rule(
        id="der-private-key",
        probes=("MI[IG][A-Za-z0-9+/]{20}",),
        pattern=expand(
            r"(?:^|[^A-Za-z0-9+/])(?P<s>MI(?:IEv[AQgw]IBADANBgkqhkiG9w0BAQEFAASC|IE[op][A-Za-z]IBAAKCAQEA|GHAgEAMBMGByqGSM49|GkAgEBBDD)%B{40,}={0,2})"
        ),
        accepts=is_no_sample,
    ),
    Rule(
        id="wireguard-key",
        probes=("(?i:PrivateKey|PresharedKey|wg_)",),
        pattern=expand(
            r"(?i:PrivateKey|PresharedKey|wg_private_key|wg_psk)\s*[=:]\s*[\"']?(?P<s>%B{43}=)"
        ),
        accepts=is_random,
    ),
)

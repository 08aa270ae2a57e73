"""Password hashes: not the password, but what it is guessed from."""

from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.tokens import expand

_CRYPT = "[./A-Za-z0-9]"


def _hash(rule: str, pattern: str, probe: str) -> Rule:
    return Rule(id=rule, pattern=f"(?P<s>{expand(pattern)})", probes=(expand(probe),))


RULES = (
    _hash("bcrypt-hash", r"\$2[abxy]?\$[0-9]{1,2}\$[./A-Za-z0-9]{50,53}", r"\$2[abxy]?\$[0-9]"),
    _hash("argon2-hash", r"\$argon2(?:id|i|d)\$[^\s\"'`;<>]{20,}", r"\$argon2"),
    _hash("scrypt-hash", r"\$(?:scrypt|7|y|gy)\$[^\s\"'`;<>]{20,}", r"\$(?:scrypt|7|y|gy)\$"),
    _hash("md5-crypt-hash", rf"\$(?:1|apr1)\${_CRYPT}{{1,8}}\${_CRYPT}{{22}}", r"\$(?:1|apr1)\$"),
    _hash(
        "sha-crypt-hash",
        rf"\$(?:5|6|8|9)(?:\$rounds=%D{{1,9}})?\${_CRYPT}{{1,16}}\${_CRYPT}{{40,86}}",
        r"\$[5689]\$[./A-Za-z0-9r]",
    ),
    _hash(
        "django-hash",
        r"(?:pbkdf2_sha(?:1|256|512)|scrypt|argon2)\$[^\s\"'`,;<>]{20,}",
        r"(?:pbkdf2_sha|scrypt|argon2)",
    ),
    _hash(
        "ldap-hash",
        r"\{(?:SSHA|SHA|SMD5|MD5|CRYPT|PBKDF2)[0-9]{0,3}\}[A-Za-z0-9+/$.=]{16,}",
        r"\{(?:S?SHA|S?MD5|CRYPT|PBKDF2)",
    ),
    _hash("phpass-hash", rf"\$[PH]\${_CRYPT}{{31}}", r"\$[PH]\$"),
    _hash(
        "werkzeug-hash",
        r"(?:pbkdf2|scrypt):[a-z0-9:]{3,30}\$[A-Za-z0-9]{4,32}\$%H{40,}",
        "(?:pbkdf2|scrypt):",
    ),
    _hash(
        "ansible-vault",
        r"\$ANSIBLE_VAULT;[0-9.]+;[A-Z0-9]+(?:;\S*)?(?:\s+[0-9a-f]{10,})+",
        r"\$ANSIBLE_VAULT;",
    ),
)

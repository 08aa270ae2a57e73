"""What identifies a person: addresses and numbers."""

from otel_bridge.scrub.addresses import is_public_bytes
from otel_bridge.scrub.checks import is_card, is_iban
from otel_bridge.scrub.rule import Kind, Rule
from otel_bridge.scrub.rules.tokens import ESCAPED

_OCTET = r"[0-9]{1,3}"
_PUBLIC_IPV4 = (
    # What is not 0, 10 or 127, and not in a URL or a product version: those follow a slash. The
    # byte before a text is its length, which can look like a digit or a slash.
    r"(?:^|[^0-9./]|[\n\x80-\xff][0-9./])"
    r"(?:[1-9]|1[1-9]|[2-9][0-9]|1[013-9][0-9]|12[0-689]|2[0-9]{2})"
    rf"\.{_OCTET}\.{_OCTET}\.{_OCTET}"
)
_PHONE_DIGITS = range(8, 16)
"""E.164 allows fifteen digits; below eight, dates and version numbers look the same."""


_GAP = r"(?:[ +-]|%20|\xc2\xa0)"
"""Between the groups of a card number, as people and forms write them."""
_FILES = (b".png", b".jpg", b".git", b".js")
_UNITS = (b".service", b".socket", b".timer", b".target", b".mount", b".slice", b".scope")
_OWN_DOMAINS = (b".localdomain", b".local", b".internal", b".lan", b".home")
"""Names that the Internet does not know: a machine's own account there is no person."""
_ACCOUNTS = frozenset(
    b"root daemon nobody postgres mysql redis www-data nginx apache ubuntu debian admin ec2-user "
    b"jenkins git systemd cron postfix mailer-daemon node app service".split()
)


def _is_address(text: bytes) -> bool:
    """Tell whether it is no address of a repository, no file and no account of a machine."""
    low = text.lower()
    if low.startswith(b"git@") or low.endswith(_FILES) or low.endswith(_UNITS):
        return False
    return not (low.endswith(_OWN_DOMAINS) and low.partition(b"@")[0] in _ACCOUNTS)


def _is_ssn(text: bytes) -> bool:
    """Tell whether area, group and serial number can have been given out."""
    return text[:3] not in (b"000", b"666") and text[4:6] != b"00" and text[7:] != b"0000"


def _is_phone(text: bytes) -> bool:
    return sum(map(text.count, b"0123456789")) in _PHONE_DIGITS


RULES = (
    Rule(
        id="email",
        kind=Kind.PERSONAL,
        probes=(r"(?:@|%40)[A-Za-z0-9.-]+\.[A-Za-z]{2}",),
        pattern=r"(?P<s>[A-Za-z0-9._%+-]+(?:@|%40)(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})",
        accepts=_is_address,
        priority=0,
    ),
    Rule(
        id="card-number",
        kind=Kind.PERSONAL,
        probes=(
            r"[2-6][0-9]{12}",
            rf"[2-6][0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]",
            rf"3[0-9]{{3}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4}}",
        ),
        pattern=rf"(?:^|{ESCAPED}|[^\w.-])(?P<s>[2-6][0-9]{{12,18}}|"
        rf"[2-6][0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{1,7}}|"
        rf"3[0-9]{{3}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}})(?:\W|$)",
        accepts=is_card,
    ),
    Rule(
        id="iban",
        kind=Kind.PERSONAL,
        probes=(r"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}",),
        pattern=r"(?:^|[^A-Za-z0-9])"
        r"(?P<s>[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?:[^A-Za-z0-9]|$)",
        accepts=is_iban,
    ),
    Rule(
        id="ip-address",
        kind=Kind.PERSONAL,
        probes=(_PUBLIC_IPV4, r"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{3}"),
        pattern=r"(?:^|[^\w.:/-])"
        r"(?P<s>(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,35})"
        r"(?:[^\w.:-]|[.:](?:[^\w]|$)|:[0-9]{1,5}(?:\W|$)|$)",
        accepts=is_public_bytes,
        not_after=r"(?i:version|ver|release|build|rev|package|v|\b(?:pip|setuptools|wheel|kernel|linux|"
        r"openssl|chrome|chromium|firefox|safari|glibc|jdk|jre|java))[\"' :=]*|[=<>~!]=\s*",
        priority=0,
    ),
    Rule(
        id="us-ssn",
        kind=Kind.PERSONAL,
        probes=(r"[0-9]-[0-9]{2}-[0-9]{4}",),
        pattern=r"(?:^|[^\w-])(?P<s>[0-8][0-9]{2}-[0-9]{2}-[0-9]{4})(?:[^\w-]|$)",
        accepts=_is_ssn,
    ),
    Rule(
        id="phone",
        kind=Kind.PERSONAL,
        preset="extra",
        probes=(r"(?:\+|00)[0-9][0-9 ().-]{6}",),
        pattern=r"(?:^|[^\w.+-])(?P<s>(?:\+|00)[1-9][0-9]{0,2}[ .-]?"
        r"(?:\(?[0-9]{1,5}\)?[ .-]?){2,5}[0-9]{2,5})(?:[^\w.-]|$)",
        accepts=_is_phone,
        priority=0,
    ),
)

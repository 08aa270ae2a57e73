"""What identifies a person: addresses and numbers."""

from otel_bridge.scrub.checks import is_card, is_iban
from otel_bridge.scrub.rule import Kind, Rule

RULES = (
    Rule(
        id="email",
        kind=Kind.PERSONAL,
        probes=(r"[A-Za-z0-9_%+-](?:@|%40)[A-Za-z0-9-]{1,63}\.[A-Za-z]{2}",),
        pattern=r"(?P<s>[A-Za-z0-9._%+-]+(?:@|%40)(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})",
        accepts=lambda text: not text.startswith(b"git@") and not text.endswith((b".png", b".jpg", b".git")),
        priority=0,
    ),
    Rule(
        id="card-number",
        kind=Kind.PERSONAL,
        probes=(r"[2-6](?:[ -]?\d){12}",),
        pattern=r"(?:^|[^\w.-])(?P<s>[2-6](?:[ -]?\d){12,18})(?:[^\w]|$)",
        accepts=is_card,
    ),
    Rule(
        id="iban",
        kind=Kind.PERSONAL,
        probes=(r"[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}",),
        pattern=r"(?:^|[^A-Za-z0-9])(?P<s>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?:[^A-Za-z0-9]|$)",
        accepts=is_iban,
    ),
    Rule(
        id="us-ssn",
        kind=Kind.PERSONAL,
        probes=(r"\d{3}-\d{2}-\d{4}",),
        pattern=r"(?:^|[^\w-])(?P<s>[0-8]\d{2}-\d{2}-\d{4})(?:[^\w-]|$)",
        accepts=lambda s: s[:3] not in (b"000", b"666") and s[4:6] != b"00" and s[7:] != b"0000",
    ),
)

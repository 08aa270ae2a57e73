"""What identifies a person: addresses and numbers."""

from otel_bridge.scrub.checks import is_card
from otel_bridge.scrub.rule import Kind, Rule

RULES = (
    Rule(
        id="email",
        kind=Kind.PERSONAL,
        probes=(r"[A-Za-z0-9_%+-]@[A-Za-z0-9-]{1,63}\.[A-Za-z]{2}",),
        pattern=r"(?P<s>[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})",
    ),
    Rule(
        id="card-number",
        kind=Kind.PERSONAL,
        probes=(r"[2-6](?:[ -]?\d){12}",),
        pattern=r"(?:^|[^\d.])(?P<s>[2-6](?:[ -]?\d){12,18})(?:[^\d]|$)",
        accepts=is_card,
    ),
    Rule(
        id="us-ssn",
        kind=Kind.PERSONAL,
        probes=(r"\d{3}-\d{2}-\d{4}",),
        pattern=r"(?:^|[^\w-])(?P<s>[0-8]\d{2}-\d{2}-\d{4})(?:[^\w-]|$)",
        accepts=lambda s: s[:3] not in (b"000", b"666") and s[4:6] != b"00" and s[7:] != b"0000",
    ),
)

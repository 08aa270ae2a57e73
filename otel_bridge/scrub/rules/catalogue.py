"""All rules, in the order in which they are tried."""

from otel_bridge.scrub.rules import (
    ai,
    calls,
    cloud,
    commands,
    hashes,
    identity,
    messaging,
    neutral,
    observability,
    payments,
    personal,
    saas,
    snippets,
    source,
    statements,
    web,
)

RULES = (
    *cloud.RULES,
    *source.RULES,
    *messaging.RULES,
    *saas.RULES,
    *payments.RULES,
    *ai.RULES,
    *observability.RULES,
    *identity.RULES,
    *hashes.RULES,
    *neutral.RULES,
    *web.RULES,
    *commands.RULES,
    *calls.RULES,
    *statements.RULES,
    *snippets.RULES,
    *personal.RULES,
)

"""Credentials of monitoring, analytics and feature services."""

from otel_bridge.scrub.rules.tokens import token

RULES = (
    token("sentry-org-token", "sntrys_%B{20,}={0,2}(?:_%B{20,})?={0,2}"),
    token("sentry-user-token", "sntry[ua]_%H{64}"),
    token("grafana-service-token", "glsa_%A{32}_%X{8}"),
    token("grafana-cloud-token", "glc_%B{32,}={0,2}"),
    token("grafana-legacy-key", "eyJrIjoi%B{40,}={0,2}"),
    token("newrelic-user-key", "(?i:NRAK)-%A{27}"),
    token("newrelic-insert-key", "(?i:NRI[IQ])-%U{32}"),
    token("newrelic-admin-key", "(?i:NRAA|NRRA|NRSP)-%A{27,}"),
    token("newrelic-browser-key", "NRJS-%H{19}"),
    token("newrelic-license-key", "(?:eu01xx|%H{6})%H{30}NRAL|%H{32}FFFFNRAL", probe="NRAL"),
    token("dynatrace-token", r"dt0[a-z]%D{2}\.%C{24}\.%C{64}", probe=r"dt0[a-z]%D{2}\.%C{10}"),
    token(
        "honeycomb-key", "hc[abx][a-z0-9]{2}_[A-Za-z0-9]{50,}", probe="hc[abx][a-z0-9]{2}_%A{10}"
    ),
    token("logfire-token", "pylf_v%D{1,2}_(?:[a-z]{2,6}_)?%A{20,}", probe="pylf_v%D"),
    token("axiom-token", "xa[ap]t-%G"),
    token("posthog-key", "ph[xsr]_%A{32,}", short=True),
    token("elastic-cloud-key", "essu_%B{40,}={0,2}"),
    token("datadog-client-token", "pub%H{32}", short=True, ends=True),
    token("checkly-key", "cu_%H{32}", short=True),
    token(
        "uptimerobot-key",
        "(?:ur|u|m)%D{5,10}-%H{24,32}",
        short=True,
        ends=True,
        probe="(?i:uptime)",
    ),
    token("rootly-key", "rootly_%H{60,}"),
    token("sumologic-access-id", "su%A{12}", also="(?i:sumo(?:logic|_))", short=True, ends=True),
    token(
        "mixpanel-service-account",
        r"[a-z0-9_-]{2,32}\.%H{6}\.mp-service-account",
        probe="mp-service-account",
    ),
    token("tinybird-token", r"p\.eyJ%U{30,}\.%U{20,}", short=True),
    token("openobserve-token", "o2oi_%A{20,}"),
    token("coralogix-key", "cx[tuh]p_%A{28,}"),
    token("mezmo-key", "sts_%H{32}", short=True),
    token("datadog-app-key", "ddapp_%A{34}"),
    token(
        "growthbook-key",
        "secret_(?:admin|readonly|user)_%B{20,}={0,2}",
        probe="secret_(?:admin|readonly|user)_",
    ),
    token("flagsmith-key", r"ser\.%A{22}", short=True),
    token("unleash-token", r"[*a-z0-9_-]{1,40}:[a-z0-9_-]{1,40}\.%H{50,}", probe=r"\.%H{50}"),
)

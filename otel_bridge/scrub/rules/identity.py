"""Credentials of sign-in services, key stores, wallets and chat networks."""

from otel_bridge.scrub.rules.tokens import token

RULES = (
    token("okta-token", "00%U{40}", probe="(?i:okta|ssws)", short=True, ends=True),
    token(
        "authress-key",
        r"(?:sc|ext|scauth|authress)_%L{5,30}\.%L{4,6}\.acc[_-]%L{10,32}\.[A-Za-z0-9+/_=-]{30,120}",
        probe=r"\.acc[_-]",
    ),
    token("stytch-secret", "secret-(?:live|test)-%U{30,}={0,2}"),
    token("stytch-project", "project-(?:live|test)-%G"),
    token("matrix-token", "syt_%B{2,}={0,2}_%A{20}_%A{6}", short=True),
    token("workos-key", "sk_(?:live|test)_a2V5%U{20,}"),
    token("descope-key", "K2%A{60,}", ends=True),
    token("duo-secret", "DI%C{18}", ends=True),
    token(
        "yubico-otp",
        "cc{5,8}[cbdefghijklnrtuv]{36,39}",
        probe="cccccc[cbdefghijklnrtuv]{6}",
        ends=True,
    ),
    token("nostr-secret", "nsec1[02-9ac-hj-np-z]{58}"),
    token("extended-private-key", "[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,}"),
    token(
        "wif-private-key",
        "(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})",
        probe="(?i:wif|wallet|bitcoin|btc|private)",
        ends=True,
    ),
    token("tezos-secret", "edsk[1-9A-HJ-NP-Za-km-z]{50,}"),
    token("ripple-seed", "s[a-km-zA-HJ-NP-Z1-9]{28}", also="(?i:ripple|xrp|seed)", ends=True),
    token(
        "microsoft-refresh-token",
        r"(?:0|1)\.A[A-Za-z0-9]%U{30,}\.%U{80,}",
        short=True,
        probe=r"[01]\.A%U{20}",
    ),
    token("amazon-oauth-client-secret", r"amzn1\.oa2-cs\.v1\.%H{60,}"),
    token("amazon-lwa-token", r"Atz[ar]\|[A-Za-z0-9_.-]{60,}"),
    token(
        "apple-app-password",
        "[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}",
        probe="(?i:apple[^wW]|icloud|app.?specific|app.?password)",
        short=True,
        ends=True,
    ),
    token(
        "ory-token", r"ory_(?:at|rt|pat|st|apikey)_[A-Za-z0-9_.-]{30,}", probe="ory_[a-z]{2,6}_"
    ),
    token("scaleway-key-id", "SCW%C{17}", ends=True),
)

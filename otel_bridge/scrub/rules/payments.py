"""Credentials of payment and finance services."""

from otel_bridge.scrub.rules.tokens import token

RULES = (
    token(
        "stripe-key", "[sr]k_(?:live|test|prod)_%A{10,}", probe="[sr]k_(?:live|test|prod)_%A{6}"
    ),
    token("stripe-webhook-secret", "whsec_%B{20,}={0,2}"),
    token("square-token", "EAAA%U{50,}", ends=True),
    token("square-oauth", "sq0[a-z]{3}-%U{20,50}", probe="sq0[a-z]{3}-%U{10}"),
    token("braintree-token", r"access_token\$(?:production|sandbox)\$%L{16}\$%H{32}"),
    token(
        "plaid-token",
        "(?:access|public|link)-(?:sandbox|development|production)-%G",
        probe="-(?:sandbox|development|production)-%H{8}",
    ),
    token(
        "flutterwave-key",
        "FLW(?:SEC|PUB)K(?:_(?:TEST|LIVE))?-%A{12,}(?:-X)?",
        probe="FLW(?:SEC|PUB)K",
    ),
    token("flutterwave-encryption-key", "FLWSECK(?:_(?:TEST|LIVE))?%H{12}", probe="FLWSECK"),
    token("razorpay-key", "rzp_(?:live|test)_%A{14}"),
    token("mollie-key", "(?:live|test)_%A{30}", short=True, ends=True),
    token("gocardless-token", "(?:live|sandbox)_%U{40}={0,2}", short=True, ends=True),
    token("freemius-key", r"sk_[^\s\"'&;<>,]{29}", probe=r"sk_[^\s\"'&;<>,]{29}", short=True),
    token("adyen-key", "AQE[a-z]h%B{60,}={0,2}[A-Za-z0-9+/=.-]{0,80}", probe="AQE[a-z]h%B{20}"),
    token("paypal-token", "A21AA%U{60,}"),
    token(
        "paddle-key",
        "pdl_(?:live|sdbx)_apikey_%A{26}_%A{22}_%A{3}",
        probe="pdl_(?:live|sdbx)_apikey_",
    ),
    token("checkout-key", "sk_(?:sbox_|test_)?%G", short=True),
    token(
        "mercadopago-token", "(?:APP_USR|TEST)-%D{10,20}-%D{6}-%H{32}-%D{5,12}", probe="-%H{32}-%D"
    ),
    token("midtrans-key", "(?:SB-)?Mid-(?:server|client)-%U{16,}", probe="Mid-(?:server|client)-"),
    token(
        "xendit-key",
        "xnd_(?:production|development|public_production|public_development)_%A{30,}",
        probe="xnd_[a-z_]{10,30}_%A{6}",
    ),
    token("omise-key", "skey_(?:test_)?%L{16,}"),
    token("chargebee-key", "(?:live|test)_%A{30,}", short=True, ends=True),
    token("revolut-key", "oa_(?:prod|sand)_%U{40,}"),
    token("coinbase-cdp-key", "organizations/%G/apiKeys/%G"),
    token("increase-key", "(?:sandbox|production)_key_%U{20,}", probe="_key_%U{20}"),
    token("polar-token", "polar_(?:oat|pat|whs|ci|at)_%A{30,}", probe="polar_[a-z]{2,3}_"),
    token("cashfree-secret", "cfsk_(?:ma|ap)_(?:prod|test)_%H{32}_%H{8}", probe="cfsk_"),
    token("paystack-key", "sk_(?:live|test)_%H{40}"),
)

"""The words that make a name sensitive, and those that take it back. Data only."""

STRONG_WORDS: dict[str, str] = {
    word: rule
    for rule, words in {
        "password": "password passwords passwd passwds pwd passphrase passcode passwort pw",
        "secret": "secret secrets",
        "credential": "credential credentials creds",
        "authorization": "authorization auth",
        "token": "token jwt bearer",
        "cookie": "cookie cookies",
        "csrf": "csrf xsrf csrftoken xsrftoken csrfmiddlewaretoken",
        "api-key": "apikey apikeys apitoken apisecret",
        "private-key": "privatekey",
        "session": "phpsessid jsessionid sessid sessiontoken sessionkey",
        "one-time-code": "otp totp",
        "social-security": "ssn",
        "card": "cvv cvc cvv2 ccnumber cardnumber",
    }.items()
    for word in words.split()
}
"""A name with one of these tokens in it is sensitive, whatever the value is."""

STRONG_ENDINGS: dict[str, str] = {
    "password": "password",
    "passwd": "password",
    "passphrase": "password",
    "secret": "secret",
    "apikey": "api-key",
    "authtoken": "token",
    "accesstoken": "token",
    "refreshtoken": "token",
    "secretkey": "secret",
    "accesskey": "access-key",
    "privatekey": "private-key",
    "authkey": "api-key",
    "apitoken": "token",
}
"""Endings of tokens that were written together, as in ``mysqlpassword``."""

STRONG_PAIRS: dict[tuple[str, str], str] = {
    (first, second): rule
    for rule, pairs in {
        "api-key": "api/key api/keys app/key application/key service/key subscription/key "
        "consumer/key auth/key functions/key",
        "access-key": "access/key access/keys account/key shared/key storage/key",
        "secret": "secret/key secret/id client/secret",
        "private-key": "private/key ssh/key signing/key encryption/key decryption/key master/key "
        "hmac/key deploy/key",
        "password": "pass/phrase pass/code",
        "credential": "connection/string",
        "one-time-code": "two/factor mfa/code otp/code",
        "social-security": "social/security",
        "card": "credit/card card/number security/code",
        "session": "session/token session/key session/cookie",
    }.items()
    for first, second in (pair.split("/") for pair in pairs.split())
}
"""Neighbouring tokens that are sensitive together."""

WEAK_WORDS: dict[str, str] = {
    word: rule
    for rule, words in {
        "key": "key keys",
        "session": "session sessionid sid",
        "token": "sig signature nonce code",
        "password": "pass pin",
        "secret": "salt seed webhook dsn",
    }.items()
    for word in words.split()
}
"""A name with one of these is sensitive only where the value looks random."""

DESCRIPTORS = frozenset(
    "count counts type types length len size name names id ids expires expiry expiration expired "
    "expire ttl age url uri urls endpoint path file filename dir directory policy field fields "
    "limit limits usage format version status state enabled disabled required valid validity "
    "invalid exists scheme schema method methods mode prefix suffix index issuer provider source "
    "created updated at hint strength min max ms seconds algorithm alg hashed_by label class "
    "title description error errors failed failures attempts attempt retries reset page host "
    "domain port header location rotation duration time timeout date manager service server "
    "store backend ref reference arn kind allowed supported scopes scope audience region".split()
)
"""As the last token these say that the name is about a secret, not one: ``token_type``."""

HARMLESS_PAIRS = frozenset(
    tuple(pair.split("/"))
    for pair in "page/token pagination/token continuation/token next/token sync/token cancel/token "
    "cancellation/token public/key partition/key sort/key primary/key foreign/key cache/key "
    "routing/key idempotency/key publishable/key eos/token bos/token pad/token mask/token "
    "stop/token special/token unk/token cls/token sep/token resume/token".split()
)
"""Neighbouring tokens that take a name back."""

PERSONAL_KEYS: dict[str, str] = {
    key: rule
    for rule, keys in {
        "client-ip": "client.address http.client_ip client_ip clientip client.ip remote_addr "
        "remote.addr x-forwarded-for x_forwarded_for x-real-ip x_real_ip true-client-ip "
        "cf-connecting-ip forwarded ip_address user.ip user.ip_address source.address source.ip "
        "http.request.header.x-forwarded-for http.request.header.x-real-ip "
        "http.request.header.x_forwarded_for http.request.header.x_real_ip "
        "http.request.header.forwarded enduser.ip",
        "email": "user.email enduser.email email e-mail email_address user_email emailaddress",
        "user-name": "user.name user.full_name username user_name enduser.name full_name "
        "first_name last_name fullname firstname lastname",
        "body": "http.request.body http.response.body http.request.body.text "
        "http.response.body.text http.request.body.content http.response.body.content "
        "request_body response_body",
    }.items()
    for key in keys.split()
}
"""Whole names, in lower case, whose values are personal."""

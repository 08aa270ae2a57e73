"""The words that make a name sensitive, and those that take it back. Data only."""

STRONG_WORDS: dict[str, str] = {
    word: rule
    for rule, words in {
        "password": "password passwords passwd passwds pwd passphrase passcode passwort",
        "recovery-phrase": "mnemonic",
        "secret": "secret secrets",
        "credential": "credential credentials creds",
        "authorization": "authorization",
        "token": "token jwt bearer crumb",
        "cookie": "cookie cookies",
        "csrf": "csrf xsrf csrftoken xsrftoken csrfmiddlewaretoken",
        "api-key": "apikey apikeys apitoken apisecret",
        "private-key": "privatekey",
        "session": "phpsessid jsessionid sessid sessiontoken sessionkey",
        "one-time-code": "totp",
        "card": "ccnumber cardnumber",
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
    "pwd": "password",
}
"""Endings of tokens that were written together, as in ``mysqlpassword``."""

STRONG_PAIRS: dict[tuple[str, str], str] = {
    (first, second): rule
    for rule, pairs in {
        "api-key": "api/key api/keys app/key application/key service/key subscription/key "
        "consumer/key auth/key functions/key app/key write/key license/key licence/key "
        "integration/key developer/key merchant/key ingest/key ingestion/key server/key "
        "admin/key partner/key",
        "access-key": "access/key access/keys account/key shared/key storage/key",
        "secret": "secret/key secret/keys secret/id client/secret",
        "private-key": "private/key private/keys ssh/key ssh/keys signing/key signing/keys "
        "encryption/key encryption/keys decryption/key master/key master/keys hmac/key deploy/key "
        "deploy/keys",
        "token": "access/tokens refresh/tokens auth/tokens api/tokens bearer/tokens id/tokens "
        "oauth/tokens session/tokens device/tokens personal/tokens csrf/tokens",
        # A hash of a password is what it is guessed from; an input or field is where it is typed.
        "password": "pass/phrase pass/code password/hash password/digest password/input "
        "password/field passwd/hash passwd/input pwd/hash pwd/input",
        "pin": "pin/code pin/number",
        "credential": "connection/string security/answer",
        "one-time-code": "two/factor mfa/code otp/code verification/code",
        "social-security": "social/security",
        "card": "credit/card card/number security/code",
        "session": "session/token session/key session/cookie",
        "recovery-phrase": "seed/phrase recovery/phrase secret/phrase",
    }.items()
    for first, second in (pair.split("/") for pair in pairs.split())
}
"""Neighbouring tokens that are sensitive together."""

LAST_WORDS: dict[str, str] = {
    "pass": "password",
    "psw": "password",
    "pswd": "password",
    "pw": "password",
    "auth": "authorization",
    "pat": "token",
    "otp": "one-time-code",
    "ssn": "social-security",
    "cvv": "card",
    "cvv2": "card",
    "cvc": "card",
    "pin": "pin",
    "psk": "secret",
}
"""Words that are sensitive only at the end of a name."""

LAST_ENDINGS: dict[str, str] = {"pass": "password", "pw": "password"}
"""Endings of a last token that were written together, as in ``dbpass``."""

HARMLESS_LAST = frozenset(
    "bypass compass encompass surpass trespass overpass underpass renderpass lowpass highpass "  # noqa: SIM905 (words, not a column)
    "bandpass allpass multipass onepass twopass singlepass firstpass lastpass keepass".split()
)
"""Words that end like one of those and say nothing."""

TRAILERS = frozenset(
    "value val data raw text string str hex base64 b64 prod production dev development test "  # noqa: SIM905 (words, not a column)
    "testing live staging stage sandbox local default old new current previous primary "
    "secondary plain plaintext cleartext encoded main backup header headers".split()
)
"""Words after a sensitive word that leave it sensitive."""

WEAK_WORDS: dict[str, str] = {
    word: rule
    for rule, words in {
        "key": "key keys",
        "session": "session sessionid",
        "token": "sig signature nonce",
        "secret": "salt seed webhook dsn license licence",
    }.items()
    for word in words.split()
}
"""A name with one of these is sensitive only where the value looks random."""

ORDINARY_WORDS = frozenset(["monkey", "donkey", "turkey", "hockey", "jockey", "whiskey", "lackey"])
"""Words that end like a key and open nothing."""

WEAK_PAIRS: dict[tuple[str, str], str] = {("client", "id"): "client-id"}
"""Neighbouring tokens that are sensitive where the value looks random: a UUID is not enough."""

DESCRIPTORS = frozenset(
    "count counts type types length len size name names id ids expires expiry expiration "  # noqa: SIM905 (words, not a column)
    "expired expire ttl age url uri urls endpoint path file filename dir directory policy "
    "field fields limit limits usage format version status state enabled disabled required "
    "valid validity invalid exists scheme schema method methods mode prefix suffix index "
    "issuer provider source created updated at hint strength min max ms seconds algorithm alg "
    "hashed_by label class title description error errors failed failures attempts attempt "
    "retries reset page host domain port location rotation duration time timeout date "
    "manager service server store backend ref reference arn kind allowed supported scopes "
    "scope audience region hash hashes digest algorithm params param variable var vars code "
    "codes request requests response count label labels prompt placeholder tooltip text_field "
    "input column generator factory manager helper util utils handler validator parser "
    "builder reader writer callback listener hook wrapper class selector event events pair "
    "pairs map list array dict set table cache pool queue group groups role roles permission "
    "permissions policies option options setting settings config configuration property "
    "properties env environment section block tab view page screen dialog modal button link "
    "icon image vault ring size sizes alias aliases used".split()
)
"""As the last token these say that the name is about a secret, not one: ``token_type``."""

HARMLESS_PAIRS = frozenset(
    tuple(pair.split("/"))
    for pair in (  # noqa: SIM905 (words, not a column)
        "page/token pagination/token continuation/token next/token sync/token cancel/token "
        "cancellation/token public/key partition/key sort/key primary/key foreign/key "
        "cache/key routing/key idempotency/key publishable/key eos/token bos/token pad/token "
        "mask/token stop/token special/token unk/token cls/token sep/token resume/token "
        "bucket/key schema/key sequence/key translation/key i18n/key message/key object/key "
        "row/key hash/key map/key json/key registry/key shortcut/key hot/key arrow/key "
        "group/key index/key unique/key composite/key natural/key surrogate/key item/key "
        "entity/key parent/key child/key issue/key project/key column/key field/key "
        "sorting/key grouping/key dedupe/key dedup/key lookup/key search/key data/key "
        "resource/key localization/key locale/key menu/key event/key react/key story/key "
        "page/key tab/key modifier/key function/key alt/key shift/key ctrl/key meta/key "
        "enter/key escape/key space/key any/key no/key not/key host/key recv/key recv/keys "
    ).split()
)
"""Neighbouring tokens that take a name back."""

HARMLESS_WORDS = frozenset(["public", "publishable", "pub", "pubkey", "example", "sample"])
"""With one of these behind its last dot a name is not sensitive; ``com.example.x`` may be."""

HARMLESS_KEYS = frozenset(
    [
        "messaging.client.id",
        "messaging.client_id",
        "messaging.kafka.message.key",
        "session.id",
        "session.previous_id",
    ]
)
"""Attributes of the semantic conventions that sound sensitive and are not."""

PARAMETER_PREFIX = "db.query.parameter."
"""Attributes that hold what a statement was bound to: its literals, in another place."""

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

PEER_KEYS = frozenset(["network.peer.address", "net.peer.ip", "net.sock.peer.addr"])
"""On the server's side of a call this is the client, on the client's side it is a server."""

INFRASTRUCTURE_KEYS = PEER_KEYS | frozenset(
    [
        "server.address",
        "net.peer.name",
        "net.host.ip",
        "net.host.name",
        "net.sock.host.addr",
        "net.sock.peer.name",
        "network.local.address",
        "host.ip",
        "host.name",
        "http.host",
        "destination.address",
        "k8s.pod.ip",
        "peer.address",
    ]
)
"""Addresses of machines, not of people."""

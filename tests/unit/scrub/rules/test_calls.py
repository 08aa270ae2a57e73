"""Credentials in calls, keystrokes and documents, and what only stands in such a place."""

import random

from otel_bridge.scrub.rules.calls import RULES
from tests.benchmarks.scrub_samples import make
from tests.unit.scrub.rules.examples import TableTests, is_seen

UUID = make("{G}", random.Random(1))
KEY = make("{A:32}", random.Random(2))
URL_KEY = make("{U:43}", random.Random(3))
WORDS = " ".join(["able", "acid", "about"] * 4)
BY_ID = {rule.id: rule for rule in RULES}

FOUND = [
    ("login-call", "server.login('bob@shop.internal', 's3cr3t')", "s3cr3t"),
    ("login-call", 'ftp.sign_in( "bob", "s3cr3t" )', "s3cr3t"),
    ("typed-password", "fill_in 'Password', with: 's3cr3t'", "s3cr3t"),
    ("typed-password", "cy.get('#password').type('s3cr3t')", "s3cr3t"),
    ("typed-password", 'find("id", "password").send_keys("s3cr3t")', "s3cr3t"),
    ("expect-password", 'expect "assword:"\nsend "hunter\\r"', "hunter"),
    ("expect-password", 'expect "*assword: " ; send -- "hunter\\r"', "hunter"),
    ("signing-argument", "jwt.sign(payload, 's3cr3t')", "s3cr3t"),
    ("signing-argument", "jwt.decode(token, 's3cr3t', algorithms=['HS256'])", "s3cr3t"),
    ("signing-argument", "hmac.new(b's3cr3t', body, sha256)", "s3cr3t"),
    ("signing-argument", "crypto.createHmac('sha256', 's3cr3t')", "s3cr3t"),
    ("phrase-argument", f"new HDWalletProvider('{WORDS}', url)", WORDS),
    ("phrase-argument", f'Wallet.fromMnemonic("{WORDS}")', WORDS),
    ("windows-password", "smbclient //srv/share -U 'bob%s3cr3t'", "s3cr3t"),
    ("windows-password", "xfreerdp /v:h /u:bob /p:s3cr3t", "s3cr3t"),
    ("windows-password", "net user bob s3cr3t /add", "s3cr3t"),
    ("lftp-password", "lftp -u bob,hunter sftp://h", "hunter"),
    ("router-password", "neighbor 10.0.0.1 password 7 hunter", "hunter"),
    ("router-password", " ppp chap password 0 hunter", "hunter"),
    ("router-password", "ip ospf message-digest-key 1 md5 hunter", "hunter"),
    ("router-password", "radius-server host 10.0.0.1 key hunter", "hunter"),
    ("router-password", "wpa-psk ascii 0 hunter22", "hunter22"),
    ("package-host-token", f'{{"github-oauth": {{"github.com": "{KEY}"}}}}', KEY),
    ("package-host-token", "bundle config gems.shop.internal bob:s3cr3t", "s3cr3t"),
    ("package-host-token", f"choco apikey -k {UUID} -s https://push", UUID),
    ("jwk-private", f'{{"kty":"RSA","n":"x","d":"{URL_KEY}"}}', URL_KEY),
    ("jwk-private", f'{{"kty": "oct", "k": "{URL_KEY}"}}', URL_KEY),
    ("link-token", f"GET /reset-password/{URL_KEY} 200", URL_KEY),
    ("link-token", f"https://shop.internal/invite/{KEY}", KEY),
    ("routing-key", f'{{"routing_key": "{KEY}"}}', KEY),
    ("routing-key", f"PD_INTEGRATION_KEY={KEY}", KEY),
]  # fmt: skip

LOOK_ALIKES = [
    ("login-call", "server.login('bob', 'password')"),
    ("login-call", "server.login(user, password)"),
    ("login-call", "page.login('bob', 'Sign in')"),
    ("typed-password", "fill_in 'Password', with: user.password"),
    ("typed-password", "cy.get('#password').type('Password')"),
    ("typed-password", "translate('password', 'Passwort')"),
    ("typed-password", "cy.get('#search').type('hunter22')"),
    ("expect-password", 'expect "assword:"\nsend "$password\\r"'),
    ("expect-password", 'expect "name:"\nsend "hunter22\\r"'),
    ("signing-argument", "jwt.sign(payload, process.env.SECRET)"),
    ("signing-argument", "jwt.decode(token, 'secret')"),
    ("signing-argument", "crypto.createHash('sha256', 's3cr3t')"),
    ("phrase-argument", "new HDWalletProvider('the words of your wallet', url)"),
    ("phrase-argument", f"say('{WORDS}')"),
    ("windows-password", "smbclient //srv/share -U bob"),
    ("windows-password", "net user bob * /add"),
    ("windows-password", "net user bob /active:yes"),
    ("lftp-password", "lftp -u bob sftp://h"),
    ("lftp-password", "lftp -u bob,$PASSWORD sftp://h"),
    ("router-password", "neighbor 10.0.0.1 remote-as 65001"),
    ("router-password", "neighbor 10.0.0.1 password <password>"),
    ("package-host-token", '{"github-oauth": {"github.com": "<token>"}}'),
    ("package-host-token", "bundle config set path vendor/bundle"),
    ("jwk-private", '{"kty":"oct","k":"the-secret-of-the-service"}'),
    ("phrase-argument", f"new HDWalletProvider('{WORDS} able', url)"),
    ("router-password", "ppp chap password 0 xxxxxxxx"),
    ("windows-password", "net user bob password"),
    ("routing-key", f"routing_key={'orderscreated' * 3}"[:44]),
    ("routing-key", f"routing_key={KEY}a"),
    ("jwk-private", f'{{"kty":"RSA","n":"{URL_KEY}","e":"AQAB"}}'),
    ("link-token", "GET /reset-password/instructions-were-sent 200"),
    ("link-token", f"/items/{KEY}"),
    ("routing-key", '{"routing_key": "orders.created.v1.europe.central"}'),
    ("routing-key", f'{{"partition_key": "{KEY}"}}'),
]


class TestCalls(TableTests):
    RULES, FOUND, LOOK_ALIKES = RULES, FOUND, LOOK_ALIKES


def test_a_member_with_one_letter_is_a_key_only_where_the_type_of_key_is_said():
    assert not is_seen(BY_ID["jwk-private"], f'{{"k": "{URL_KEY}"}}')

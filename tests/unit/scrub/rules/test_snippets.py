"""Values in blocks and phrases in quotes, and sentences about passwords."""

import random

from otel_bridge.scrub.rules.snippets import RULES
from tests.benchmarks.scrub_samples import make
from tests.unit.scrub.rules.examples import TableTests

UUID = make("{G}", random.Random(1))
KEY = make("{A:24}", random.Random(2))

FOUND = [
    ("yaml-block", "password: >-\n  hunter22\n", "hunter22"),
    ("yaml-block", "db:\n  password: |\n    hunter22\n  user: bob\n", "hunter22"),
    ("yaml-block", '"api_key": |2-\n\n  hunter22', "hunter22"),
    ("yaml-block", "secret: >\n  two words\n  and more\nuser: bob", "two words\n  and more"),
    ("yaml-block", "token: | # comment\r\n  hunter22\r\n", "hunter22"),
    (
        "multipart-field",
        'Content-Disposition: form-data; name="user[password]"\r\n\r\nhunter22\r\n--b',
        "hunter22",
    ),
    (
        "multipart-field",
        'form-data; name="pin"\nContent-Type: text/plain\n\n4711\n--b',
        "4711",
    ),
    ("yaml-block-key", f"app_key: >\n  {KEY}\nuser: bob", KEY),
    ("yaml-block-key", f"deploy-key: |-\n    {KEY}", KEY),
    ("uuid-secret", f"the shop token {UUID} was refused", UUID),
    ("uuid-secret", f"use this API key: {UUID} and retry", UUID),
    ("uuid-secret", f"secret='{UUID}'", UUID),
    ("uuid-secret", f"the api key is {UUID}", UUID),
    ("told-key", "the shop secret h4nter22kF9q was refused", "h4nter22kF9q"),
    ("told-key", "use this api key: h4nter22kF9q.", "h4nter22kF9q"),
    ("jenkins-secret", "<secret>{AQAAABAAA hunter22}</secret>", "hunter22"),
    ("jenkins-secret", f"<apiToken>{{{KEY}=}}</apiToken>", f"{KEY}="),
    ("element-value", "<Password><Value>hunter22</Value></Password>", "hunter22"),
    ("named-element", '<string name="shop_api_token">hunter22</string>', "hunter22"),
    ("named-element", "<property scope='x' name='db.password'>hunter22</property>", "hunter22"),
    ("named-element", '<setting name="Secret" a="b">\n<value>hunter22</value>', "hunter22"),
    ("value-before-name", '{"value": "hunter22", "name": "shop_api_key"}', "hunter22"),
    ("value-before-name", r'{\"value\":\"hunter22\",\"key\":\"password\"}', "hunter22"),
    ("table-cell", "| user | bob |\n| password | hunter22 |", "hunter22"),
    ("table-cell", "| Shop API key | hunter22 |", "hunter22"),
    ("dashed-password", "LDAP password   ----   hunter22", "hunter22"),
    ("dashed-password", "api key -> hunter22", "hunter22"),
    ("foreign-password", "contraseña: hunter22", "hunter22"),
    ("foreign-password", "пароль = 'hunter22'", "hunter22"),
    ("foreign-password", "密码\uff1ahunter22", "hunter22"),
    ("multipart-field", r'form-data; name=\"token\"\r\n\r\nhunter22\r\n--b', "hunter22"),
    ("quoted-phrase", "password = 'correct horse battery staple'", "correct horse battery staple"),
    ("quoted-phrase", 'x {"passphrase": "tiger 42 moon"} y', "tiger 42 moon"),
    ("quoted-phrase", r'{\"password\": \"one hunter22 thing\"}', "one hunter22 thing"),
]  # fmt: skip

LOOK_ALIKES = [
    ("yaml-block", "password: |\n  ${DB_PASSWORD}\n"),
    ("yaml-block", "password: a | b"),
    ("yaml-block", "password: >-\n"),
    ("yaml-block", "token: |\n  type: bearer\n"),
    ("yaml-block-key", "app_key: |\n  get_it_from_the_vault_first\n"),
    ("uuid-secret", f"token_id: {UUID}"),
    ("uuid-secret", f"secret for {UUID}"),
    ("uuid-secret", f"request {UUID} has no token"),
    ("told-key", "the secret base64encoded value"),
    ("told-key", "a token authentication2 failure"),
    ("told-key", "token 123456789012 of 17"),
    ("jenkins-secret", "<secret>{api.key.of.the.app}</secret>"),
    ("jenkins-secret", "<secret>${SECRET}</secret>"),
    ("element-value", "<Password><Value>changeme</Value></Password>"),
    ("element-value", "<Password><Label>hunter22</Label></Password>"),
    ("named-element", '<string name="password_label">Password</string>'),
    ("named-element", '<string name="page">hunter22</string>'),
    ("named-element", '<label name="password">hunter22</label>'),
    ("table-cell", "| password | varchar |"),
    ("table-cell", "| password | varchar(255) |"),
    ("value-before-name", '{"value": "required", "name": "password"}'),
    ("value-before-name", '{"value": "hunter22", "name": "password_policy"}'),
    ("value-before-name", '{"value": "hunter22", "name": "page", "key": "x"}'),
    ("table-cell", "| secret | token |"),
    ("table-cell", "| username | hunter22 |"),
    ("dashed-password", "password -- required"),
    ("dashed-password", "password - hunter22"),
    ("foreign-password", "contraseña: obligatoria"),
    ("foreign-password", "пароль неверный"),
    ("multipart-field", 'form-data; name="page"\r\n\r\nhunter22\r\n--b'),
    ("multipart-field", 'form-data; name="password"\r\n\r\n--b--'),
    ("multipart-field", '<input name="password">\n<p>text</p>'),
    ("multipart-field", 'form-data; name="password"\r\n\r\n[Filtered:password]\r\n'),
    ("quoted-phrase", 'password: "must have at least 12 characters"'),
    ("quoted-phrase", 'password: "Please enter your password"'),
    ("quoted-phrase", "password: 'Password is required'"),
    ("quoted-phrase", "password = 'hunter22'"),
    ("quoted-phrase", 'password: "Enter ..."'),
]


class TestSnippets(TableTests):
    RULES, FOUND, LOOK_ALIKES = RULES, FOUND, LOOK_ALIKES

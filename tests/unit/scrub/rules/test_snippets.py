"""Values in blocks and phrases in quotes, and sentences about passwords."""

import pytest

from otel_bridge.scrub.rules.snippets import RULES
from tests.unit.scrub.rules.examples import found, is_seen

BY_ID = {rule.id: rule for rule in RULES}

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
    ("multipart-field", r'form-data; name=\"token\"\r\n\r\nhunter22\r\n--b', "hunter22"),
    ("quoted-phrase", "password = 'correct horse battery staple'", "correct horse battery staple"),
    ("quoted-phrase", 'x {"passphrase": "tiger 42 moon"} y', "tiger 42 moon"),
    ("quoted-phrase", r'{\"password\": \"one hunter22 thing\"}', "one hunter22 thing"),
]  # fmt: skip


def test_every_rule_has_an_example():
    assert {rule for rule, _, _ in FOUND} == set(BY_ID)


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_a_secret_is_found(rule, text, secret):
    assert found(BY_ID[rule], text) == [secret]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it(rule, text, secret):
    assert is_seen(BY_ID[rule], text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("yaml-block", "password: |\n  ${DB_PASSWORD}\n"),
        ("yaml-block", "password: a | b"),
        ("yaml-block", "password: >-\n"),
        ("yaml-block", "token: |\n  type: bearer\n"),
        ("multipart-field", 'form-data; name="page"\r\n\r\nhunter22\r\n--b'),
        ("multipart-field", 'form-data; name="password"\r\n\r\n--b--'),
        ("multipart-field", '<input name="password">\n<p>text</p>'),
        ("multipart-field", 'form-data; name="password"\r\n\r\n[Filtered:password]\r\n'),
        ("quoted-phrase", 'password: "must have at least 12 characters"'),
        ("quoted-phrase", 'password: "Please enter your password"'),
        ("quoted-phrase", "password: 'Password is required'"),
        ("quoted-phrase", "password = 'hunter22'"),
        ("quoted-phrase", 'password: "Enter ..."'),
    ],
)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(BY_ID[rule], text) == []

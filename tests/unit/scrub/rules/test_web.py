"""Credentials in URLs, headers and cookies, and texts that only talk about them."""

import pytest

from otel_bridge.scrub.rules.web import RULES
from tests.unit.scrub.rules.examples import found, is_seen

BY_ID = {rule.id: rule for rule in RULES}

FOUND = [
    ("url-password", "postgres://app:s3cr3t@db:5432/shop", "s3cr3t"),
    ("url-password", "redis://:s3cr3t@cache:6379/0", "s3cr3t"),
    ("url-password", "amqps://app:p%40ss@mq.internal", "p%40ss"),
    ("url-password", "mongodb://app:has@sign@db1,db2/?ssl=true", "has@sign"),
    ("url-password", r"https:\/\/app:s3cr3t@host\/x", "s3cr3t"),
    (
        "url-user-token",
        "https://4f9aK2mPq7Zt1xWv8Lb3@git.internal/app.git",
        "4f9aK2mPq7Zt1xWv8Lb3",
    ),
    ("bearer", "Authorization: Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"),
    ("bearer", "authorization%3A%20Bearer%20abc123def456", "abc123def456"),
    (
        "basic-auth",
        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    ),
    (
        "signed-url",
        "https://b.s3/x?X-Amz-Signature=0123456789abcdef0123&a=b",
        "0123456789abcdef0123",
    ),
    ("signed-url", "SAMLResponse=PHNhbWxwOlJlc3BvbnNl&RelayState=x", "PHNhbWxwOlJlc3BvbnNl"),
    ("signed-url", "https://x/y?se=2026&sig=abc%2Fdef%3D%3D&sv=1", "abc%2Fdef%3D%3D"),
    ("oauth-code", "/callback?code=4f9aK2mPq7Zt1xWv8Lb3&state=1", "4f9aK2mPq7Zt1xWv8Lb3"),
    ("session-cookie", "JSESSIONID=4F9A2C7D81B34E5F90A1B2; Path=/", "4F9A2C7D81B34E5F90A1B2"),
    ("sql-parameters", "[SQL: INSERT]\n[parameters: ('bob', 'x')]\n(Bg", "('bob', 'x')"),
    ("sql-row", "DETAIL:  Key (email)=(bob@shop) already exists.", "bob@shop"),
    ("url-password", "registry=//app:s3cr3t@npm.internal/", "s3cr3t"),
    ("digest-auth", f'Digest username="bob", response="{"0f1e2d3c" * 4}"', "0f1e2d3c" * 4),
    ("url-password-slash", "postgres://u:hun/ter22@h/db", "hun/ter22"),
    ("url-password-slash", "mysql+pymysql://u:a/b/c@h", "a/b/c"),
    ("go-dsn-password", "root:hunter22@tcp(127.0.0.1:3306)/db", "hunter22"),
    ("go-dsn-password", 'sql.Open("mysql", "u:a@b/c@unix(/tmp/mysql.sock)/db")', "a@b/c"),
    ("oracle-dsn-password", "jdbc:oracle:thin:scott/hunter22@//h:1521/x", "hunter22"),
    ("oracle-dsn-password", "jdbc:oracle:oci:scott/hunter22@tns", "hunter22"),
]


def test_every_rule_has_an_example():
    assert {rule for rule, _, _ in FOUND} == set(BY_ID)


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it(rule, text, secret):
    assert is_seen(BY_ID[rule], text)


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_a_secret_is_found(rule, text, secret):
    assert found(BY_ID[rule], text)[0].startswith(secret)


LOOK_ALIKES = [
    ("url-password", "https://host:8443/path@v2"),
    ("url-password", "http://user:${PASSWORD}@host/"),
    ("url-password", "see https://a.b/c: the @handle"),
    ("url-password-slash", "https://host:8443/path@v2"),
    ("url-password-slash", "redis://cache:6379/0?owner=a@b"),
    ("url-password-slash", "postgres://u:${DB/PASSWORD}@h"),
    ("go-dsn-password", "u:${PASSWORD}@tcp(h)/db"),
    ("go-dsn-password", "connect bob@tcp(h)"),
    ("oracle-dsn-password", "jdbc:oracle:thin:scott/${PASSWORD}@h:1521:x"),
    ("bearer", "bearer authentication"),
    ("sql-row", "DETAIL:  Key (email)=([Filtered:email]) already exists."),
    ("oracle-dsn-password", "jdbc:oracle:thin:@//h:1521/x"),
    ("url-password", "// note: mail bob@example.org"),
    ("digest-auth", 'response="ok" id="17"'),
    ("url-user-token", "https://0123456789abcdef0123456789abcdef@errors.internal/4"),
    ("bearer", "the bearer token is missing"),
    ("bearer", "Authorization: Bearer <token>"),
    ("basic-auth", "Basic authentication is off"),
    ("signed-url", "/items?token=${TOKEN}"),
    ("session-cookie", "anonymousId=0a1b2c3d4e5f6a7b8c9d0e1f"),
    ("oauth-code", "/items?code=invalid_request_please"),
    ("session-cookie", "session=logged-in-anonymously"),
]


@pytest.mark.parametrize(("rule", "text"), LOOK_ALIKES)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(BY_ID[rule], text) == []

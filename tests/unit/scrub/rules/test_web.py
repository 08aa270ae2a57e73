"""Credentials in URLs, headers and cookies, and texts that only talk about them."""

import pytest

from otel_bridge.scrub.finder import PatternFinder
from otel_bridge.scrub.rules.web import RULES

BY_ID = {rule.id: rule for rule in RULES}


def found(rule, text):
    raw = text.encode()
    return [
        raw[hit.start : hit.end].decode() for hit in PatternFinder(BY_ID[rule]).find(raw) if hit
    ]


@pytest.mark.parametrize(
    ("rule", "text", "secret"),
    [
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
        ("signed-url", "https://x/y?se=2026&sig=abc%2Fdef%3D%3D&sv=1", "abc%2Fdef%3D%3D"),
        ("oauth-code", "/callback?code=4f9aK2mPq7Zt1xWv8Lb3&state=1", "4f9aK2mPq7Zt1xWv8Lb3"),
        ("session-cookie", "JSESSIONID=4F9A2C7D81B34E5F90A1B2; Path=/", "4F9A2C7D81B34E5F90A1B2"),
        ("sql-parameters", "[SQL: INSERT]\n[parameters: ('bob', 'x')]\n(Bg", "('bob', 'x')"),
        ("sql-row", "DETAIL:  Key (email)=(bob@shop) already exists.", "bob@shop"),
    ],
)
def test_a_secret_is_found(rule, text, secret):
    assert found(rule, text)[0].startswith(secret)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("url-password", "https://host:8443/path@v2"),
        ("url-password", "http://user:${PASSWORD}@host/"),
        ("url-password", "see https://a.b/c: the @handle"),
        ("url-user-token", "https://0123456789abcdef0123456789abcdef@errors.internal/4"),
        ("bearer", "the bearer token is missing"),
        ("bearer", "Authorization: Bearer <token>"),
        ("basic-auth", "Basic authentication is off"),
        ("signed-url", "/items?token=${TOKEN}"),
        ("oauth-code", "/items?code=invalid_request_please"),
        ("session-cookie", "session=logged-in-anonymously"),
    ],
)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(rule, text) == []

"""Credentials in commands and calls, and commands without any."""

import pytest

from otel_bridge.scrub.finder import PatternFinder
from otel_bridge.scrub.rules.commands import RULES
from otel_bridge.scrub.search import compile_bytes

BY_ID = {rule.id: rule for rule in RULES}

FOUND = [
    ("curl-user", "curl -s -u app:s3cr3t! https://api", "s3cr3t!"),
    ("curl-user", "curl --user=app:s3cr3t https://api", "s3cr3t"),
    ("command-password", "mysql -h db -u app -ps3cr3t shop", "s3cr3t"),
    ("command-password", r"psexec \\10.0.0.9 -u Admin -p dev_admin cmd", "dev_admin"),
    ("told-password", 'the password is "centipede" today', "centipede"),
    ("told-password", "password for user 'app' is 'pyne1'", "pyne1"),
    ("network-device-password", "enable password level 15 MyS3cret", "MyS3cret"),
    ("network-device-password", "username admin privilege 15 secret 5 hunter22", "hunter22"),
    ("snmp-community", "snmp-server community pr1vate RW 99", "pr1vate"),
    ("database-call-password", 'mysqli_connect("db", "root", "P@ss1234", "shop")', "P@ss1234"),
    ("database-call-password", "DBI->connect('dbi:Pg:x', 'app', 's3cr3t')", "s3cr3t"),
    ("network-credential", 'new NetworkCredential("app", "vzihlaqu")', "vzihlaqu"),
    ("auth-pair", "requests.get(url, auth=('app', 's3cr3t'))", "s3cr3t"),
]


def found(rule, text):
    raw = text.encode()
    return [
        raw[hit.start : hit.end].decode() for hit in PatternFinder(BY_ID[rule]).find(raw) if hit
    ]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_a_secret_is_found(rule, text, secret):
    assert found(rule, text) == [secret]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it(rule, text, secret):
    raw = b"\x0a" + bytes((len(text) & 0x7F,)) + text.encode() + b"J"

    assert any(compile_bytes(probe).search(raw) for probe in BY_ID[rule].probes)
    assert compile_bytes(BY_ID[rule].also).search(raw)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("curl-user", "curl -u $USER:$TOKEN https://api"),
        ("curl-user", "curl -s https://api:8443"),
        ("command-password", "mysql -h db -u app -p shop"[:-5]),
        ("told-password", "the password is wrong"),
        ("told-password", "password is '${PASSWORD}'"),
        ("network-device-password", "! enable password OldPass"),
        ("snmp-community", "snmp-server community public RO"),
        ("database-call-password", "mysqli_connect($host, $user, $pass)"),
        ("network-credential", "new NetworkCredential(user, password)"),
        ("auth-pair", "requests.get(url, auth=(user, password))"),
    ],
)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(rule, text) == []

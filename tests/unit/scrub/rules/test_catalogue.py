"""Every rule with samples made from its format, and with what only looks like one."""

import random

import pytest
import re2

from otel_bridge.scrub.find.finder import PatternFinder
from otel_bridge.scrub.rules.catalogue import RULES
from otel_bridge.scrub.rules.tokens import is_no_sample
from otel_bridge.scrub.search import compile_bytes
from tests.benchmarks.scrub_samples import CONTEXT, FAMILIES, make
from tests.fuzz.scrub_hostile import sample as from_pattern

SAMPLES = {rule: recipe for family in FAMILIES.values() for rule, recipe in family.items()}
BY_ID = {rule.id: rule for rule in RULES}
TESTED_ELSEWHERE = {
    # test_web.py
    "sql-parameters", "sql-row", "url-password", "url-user-token", "bearer", "basic-auth",
    "signed-url", "oauth-code", "session-cookie", "url-password-slash", "go-dsn-password",
    "oracle-dsn-password", "digest-auth",
    # test_statements.py
    "redis-auth", "redis-login", "redis-password", "identified-by", "identified-by-bare",
    "set-password", "password-call", "sql-values", "sql-duplicate",
    # test_snippets.py
    "yaml-block", "quoted-phrase", "multipart-field", "yaml-block-key", "uuid-secret",
    "jenkins-secret", "element-value", "named-element", "table-cell", "dashed-password",
    "foreign-password", "told-key", "value-before-name",
    # test_commands.py
    "snmp-community", "network-device-password", "told-password", "curl-user", "auth-pair",
    "database-call-password", "network-credential", "command-password", "positional-password",
    "sqlplus-password", "curl-user-key", "pgpass-line", "nickserv-password", "snmp-reader",
    "client-argument", "curl-cookies", "aws-signature",
    "robot-credential",
    # test_calls.py
    "login-call", "typed-password", "expect-password", "signing-argument", "phrase-argument",
    "windows-password", "lftp-password", "router-password", "package-host-token", "jwk-private",
    "link-token", "routing-key",
    # test_personal.py
    "email", "card-number", "iban", "ip-address", "phone", "us-ssn",
    # test_neutral.py
    "private-key", "private-key-end", "armoured-lines", "putty-key", "otpauth-seed",
    "wireguard-key",
}  # fmt: skip


def sample(rule, seed):
    return make(SAMPLES[rule], random.Random(seed))


def find(rule, text):
    return [text[hit.start : hit.end] for hit in PatternFinder(BY_ID[rule]).find(text) if hit]


def test_every_rule_has_an_id_of_its_own():
    assert len(BY_ID) == len(RULES)


def test_there_are_well_over_a_hundred_vendor_formats():
    assert len(SAMPLES) > 300


def test_every_rule_has_samples():
    assert set(BY_ID) == set(SAMPLES) | TESTED_ELSEWHERE


@pytest.mark.parametrize("rule", sorted(SAMPLES))
def test_a_sample_is_found_and_what_stands_around_it_is_not(rule):
    token = sample(rule, 1)
    text = f"before {CONTEXT.get(rule, '')}{token} after".encode()

    (found,) = find(rule, text)

    assert token.encode().endswith(found)
    assert len(found) >= len(token) // 3


def test_the_first_pass_sees_every_sample_wherever_it_stands():
    """In protobuf text has a length before it and a tag behind it, which can look like letters."""
    missed = set()
    for rule in SAMPLES:
        probes = [compile_bytes(probe) for probe in BY_ID[rule].probes]
        also = compile_bytes(BY_ID[rule].also)
        for seed in range(5):
            text = f"{CONTEXT.get(rule, '')}{sample(rule, seed)}".encode()
            for raw in (b"\x0a" + bytes((len(text) & 0x7F,)) + text + b"J", b"a" + text + b"z"):
                is_seen = any(probe.search(raw) for probe in probes) and also.search(raw)
                if find(rule, text) and not is_seen:
                    missed.add((rule, text))

    assert not missed


NEEDS_CONTEXT = set(CONTEXT) | {"plaid-token", "jwk-private"}
"""Rules whose fragment is not in what they find but in what stands around it."""


@pytest.mark.parametrize("rule", sorted(set(BY_ID) - NEEDS_CONTEXT))
def test_the_first_pass_sees_whatever_the_pattern_describes(rule):
    """Not only the samples that somebody thought of: texts made from the pattern itself."""
    rng = random.Random(rule)
    probes = [compile_bytes(probe) for probe in BY_ID[rule].probes]
    also = compile_bytes(BY_ID[rule].also)
    for longest in [0, 1, 20] * 2:
        text = from_pattern(BY_ID[rule].pattern, rng, longest).encode()
        if find(rule, text):
            assert any(probe.search(text) for probe in probes), text
            assert also.search(text), text


class Monotone(random.Random):
    """Chooses the same character all the time."""

    def choice(self, seq):
        return "x" if "x" in seq else seq[-1]

    def randbytes(self, n):
        return bytes(n)


def is_monotone(token):
    return (
        len(set(token)) < 5
        or "xxxxxx" in token
        or any(char * 12 in token for char in set(token) - {"A"})
    )


CROSSED = {
    rule: token
    for rule, recipe in SAMPLES.items()
    if BY_ID[rule].accepts is is_no_sample and is_monotone(token := make(recipe, Monotone(0)))
}


@pytest.mark.parametrize(("rule", "token"), sorted(CROSSED.items()))
def test_a_marker_with_a_body_of_one_character_is_a_look_alike(rule, token):
    assert find(rule, f"{CONTEXT.get(rule, '')}{token} ".encode()) == []


@pytest.mark.parametrize(
    ("rule", "look_alike"),
    [
        ("stripe-key", "task_live_configuration1"),
        ("sk-key", "task-0123456789abcdefghijklmnopqrstuv"),
        ("mailgun-key", "monkey-0123456789abcdef0123456789abcdef"),
        ("mandrill-key", "cmd-abcdefghijklmnopqrstuv"),
        ("facebook-token", "NEAA0123456789abcdefghijklmnopqrstuvwxyz"),
        ("aws-access-key-id", "AKIAIOSFODNN7EXAMPLE"),
        ("aws-access-key-id", "AKIA0123"),
        ("github-token", "ghp_short"),
        ("jwt", "eyJub3QiOiJhIHRva2VuIn0.plain.text"),
        ("discord-bot-token", "com.example.Models.remote_gateway_tunnel_options_inner_x"),
        ("vault-legacy-token", "items.abcdefghijklmnopqrstuvwx"),
        ("twilio-key-sid", "TASK0123456789abcdef0123456789abcdef"),
        ("mollie-key", "relive_0123456789abcdefghijklmnopqrst"),
        ("octopus-key", "MYAPI-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("kubernetes-bootstrap", "kubeadm module.configuration"),
        ("cratesio-token", "precio0123456789abcdef0123456789abcdef"),
        ("terraform-token", "docs/.atlasv1.md"),
        ("bcrypt-hash", "$2b$12$tooshort"),
        ("kubernetes-bootstrap", "kubeadm abcdef.abcdefghijklmnop"),
    ],
)
def test_a_look_alike_is_left_alone(rule, look_alike):
    assert find(rule, f"see {look_alike} there".encode()) == []


def test_patterns_and_probes_know_no_look_around():
    for rule in RULES:
        assert re2.compile(rule.pattern)
        assert not any("\\b" in probe for probe in rule.probes), rule.id

"""Personal data in text: checksums and ranges tell it from other numbers."""

import random

import pytest

from otel_bridge.scrub.find.finder import PatternFinder
from otel_bridge.scrub.rules.personal import RULES
from otel_bridge.scrub.search import compile_bytes

BY_ID = {rule.id: rule for rule in RULES}

FOUND = [
    ("email", "mail bob.smith+shop@mail.example.org now", "bob.smith+shop@mail.example.org"),
    ("email", "to=bob%40example.org&x=1", "bob%40example.org"),
    ("email", "jane@corp.local left", "jane@corp.local"),
    ("email", "root@example.org", "root@example.org"),
    ("email", "bob@mail.x.com", "bob@mail.x.com"),
    ("ip-address", "73.19.36.16", "73.19.36.16"),
    ("ip-address", "ping 8.8.8.8", "8.8.8.8"),
    ("card-number", "card 4111 1111 1111 1111.", "4111 1111 1111 1111"),
    ("card-number", "card=5555555555554444;", "5555555555554444"),
    ("card-number", "n=4111+1111+1111+1111&x", "4111+1111+1111+1111"),
    ("card-number", "?n=4111%201111%201111%201111", "4111%201111%201111%201111"),
    ("card-number", "n 4111\u00a01111\u00a01111\u00a01111", "4111\u00a01111\u00a01111\u00a01111"),
    ("card-number", r"a\n4111111111111111\nb", "4111111111111111"),
    ("card-number", "?a=%204111111111111111", "4111111111111111"),
    ("card-number", "amex 3782 822463 10005", "3782 822463 10005"),
    ("iban", "pay to DE89 3704 0044 0532 0130 00 today", "DE89 3704 0044 0532 0130 00"),
    ("iban", "GB29NWBK60161331926819", "GB29NWBK60161331926819"),
    ("ip-address", "client 203.0.113.9 said", "203.0.113.9"),
    ("ip-address", "from 8.8.8.8:443, later", "8.8.8.8"),
    ("ip-address", "peer 2a00:1450:4001:81b::200e left", "2a00:1450:4001:81b::200e"),
    ("us-ssn", "ssn 219-09-9999 on file", "219-09-9999"),
    ("phone", "call +49 30 901820 or", "+49 30 901820"),
]


def found(rule, text):
    raw = text.encode()
    return [
        raw[hit.start : hit.end].decode() for hit in PatternFinder(BY_ID[rule]).find(raw) if hit
    ]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_it_is_found(rule, text, secret):
    assert found(rule, text) == [secret]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it_even_as_a_whole_value(rule, text, secret):
    probes = [compile_bytes(probe) for probe in BY_ID[rule].probes]
    for length in (len(secret), ord("/"), ord("9")):
        raw = b"\x12\x20\x0a" + bytes((length,)) + secret.encode() + b"J"
        assert any(probe.search(raw) for probe in probes)


LOOK_ALIKES = [
    ("email", "git@github.com:shop/app.git"),
    ("email", "logo@2x.png"),
    ("email", "root@localhost.localdomain"),
    ("email", "postgres@db-1.svc.cluster.local"),
    ("email", "root@ip-10-0-0-1.ec2.internal"),
    ("email", "user@1000.service"),
    ("ip-address", "pip 23.3.1.2 from /usr/lib"),
    ("ip-address", "numpy==1.26.4.1"),
    ("ip-address", "kernel 5.15.0.91"),
    ("card-number", "order 4111 1111 1111 1112"),
    ("card-number", "1700000000000000000"),
    ("card-number", "0000 0000 0000 0000"),
    ("card-number", "9111111111111111"),
    ("iban", "DE89 3704 0044 0532 0130 01"),
    ("iban", "AB12 CDEF GHIJ"),
    ("ip-address", "server 10.0.0.5 and 192.168.1.7 and 172.16.3.4 and 127.0.0.1"),
    ("ip-address", "Chrome/120.0.0.0 Safari"),
    ("ip-address", "version 1.2.3.4"),
    ("ip-address", "http://54.1.2.3/x"),
    ("ip-address", "1.2.3.4.5 and 999.1.1.1 and a1.2.3.4"),
    ("ip-address", "12:34:56:78 std::vector"),
    ("us-ssn", "000-12-3456 666-12-3456 219-00-9999 219-09-0000 919-09-9999"),
    ("us-ssn", "2026-11-22 call 555-0100"),
    ("phone", "+1 2 3"),
    ("phone", "+49 30 12"),
]


@pytest.mark.parametrize(("rule", "text"), LOOK_ALIKES)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(rule, text) == []


def test_one_in_ten_random_numbers_passes_luhn_so_ranges_must_help():
    rng = random.Random(4)
    numbers = [str(rng.randrange(10**15, 10**16)) for _ in range(2_000)]

    hits = sum(bool(found("card-number", f"n {number} .")) for number in numbers)

    assert hits < 100

"""Addresses of people's machines and of our own."""

from ipaddress import ip_address

import pytest

from otel_bridge.scrub.addresses import is_private_ipv4, is_public, is_public_bytes, to_address


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "203.0.113.9",
        "2a00:1450:4001:81b::200e",
        "[2001:db8::1]",
        "2001:4860::8888%eth0",
    ],
)
def test_a_public_address(text):
    assert is_public(text)
    assert is_public_bytes(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.5", "192.168.1.7", "127.0.0.1", "::1", "fe80::1", "169.254.1.1", "100.64.0.1",
        "1.2.3", "999.1.1.1", "example.org", "", "x" * 100, "1.2.3.4.5", "٨.8.8.8",
    ],
)  # fmt: skip
def test_anything_else(text):
    assert not is_public(text)


def test_what_is_no_address_is_none():
    assert to_address("shop.internal") is None
    assert str(to_address("[::1]")) == "::1"


@pytest.mark.parametrize("second", range(256))
def test_the_quick_look_says_what_the_library_says(second):
    for first in (9, 10, 11, 127, 128, 172, 192):
        text = f"{first}.{second}.0.1"
        if is_private_ipv4(text):
            assert not ip_address(text).is_global, text


def test_a_text_that_begins_like_a_private_address_is_looked_at():
    assert not is_private_ipv4("10.token ghp_ab")
    assert not is_private_ipv4("10.0.0.1 and 8.8.8.8")
    assert to_address("10.0.0.1") is not None

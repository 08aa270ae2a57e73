"""Tells the addresses of people's machines from those of our own."""

from ipaddress import IPv4Address, IPv6Address, ip_address

MAX_ADDRESS_CHARS = 45
_DOCUMENTATION = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
"""Reserved for examples (RFC 5737, RFC 3849): they stand for public addresses."""
_PRIVATE = ("10.", "127.", "192.168.", *(f"172.{second}." for second in range(16, 32)))
_MAX_IPV4_CHARS = 15


def is_private_ipv4(text: str) -> bool:
    """Tell quickly whether a text is a private address, as the peers of a service mostly are.

    What has too large numbers in it counts too: that is nobody's address.
    """
    return (
        len(text) <= _MAX_IPV4_CHARS
        and text.startswith(_PRIVATE)
        and text.isascii()
        and text.replace(".", "").isdigit()
    )


def to_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text is, None for any other text."""
    if not 2 < len(text) <= MAX_ADDRESS_CHARS or not (text[0].isalnum() or text[0] in ":["):  # noqa: PLR2004
        return None
    bare = text.strip("[]").partition("%")[0]
    try:
        return ip_address(bare)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """Tell whether a text is an address that is routed on the Internet, or stands for one."""
    if is_private_ipv4(text):
        return False
    address = to_address(text)
    if address is None:
        return False
    return address.is_global or str(address).startswith(_DOCUMENTATION)


def is_public_bytes(text: bytes) -> bool:
    """Tell the same of bytes."""
    return is_public(text.decode("latin-1"))

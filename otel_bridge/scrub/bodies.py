"""Request and response bodies: where they are in a record, and for which routes they stay out."""

from collections.abc import Sequence

from otel_bridge.wire.messages import KeyValue

BODY_KEYS = frozenset(
    [
        "http.request.body",
        "http.request.body.text",
        "http.request.body.content",
        "http.response.body",
        "http.response.body.text",
        "http.response.body.content",
        "request_body",
        "response_body",
    ]
)
ROUTE_KEYS = frozenset(["http.route", "url.path", "http.target", "url.full", "http.url"])

BODY_FREE_ROUTES = (
    "*login*",
    "*logon*",
    "*signin*",
    "*sign-in*",
    "*signup*",
    "*register*",
    "*auth*",
    "*password*",
    "*token*",
    "*payment*",
    "*checkout*",
    "*billing*",
    "*card*",
    "*health*",
    "*patient*",
    "*medical*",
    "*upload*",
)
"""Sign-in, payment, health and uploads: bodies of such requests are never collected."""


def is_body_key(key: str) -> bool:
    """Tell whether an attribute holds a body."""
    return key in BODY_KEYS


def route_of(attributes: Sequence[KeyValue]) -> str:
    """Return the routes and paths that a record names, joined by spaces."""
    return " ".join(pair.value.string_value for pair in attributes if pair.key in ROUTE_KEYS)

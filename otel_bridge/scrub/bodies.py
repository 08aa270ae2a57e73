"""Request and response bodies: where they are in a record, and for which routes they stay out."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from otel_bridge.scrub.search import compile_bytes
from otel_bridge.wire.messages import KeyValue

_BODY_KEY = (
    r"(?i:(?:request|response)[._-]?body(?:[._-](?:text|content|data|raw|json|form|payload))?)"
)
"""``http.request.body`` and its like; ``http.request.body.size`` is a number and stays."""
_IS_BODY_KEY = compile_bytes(rf"^(?:.*[._-])?{_BODY_KEY}$")
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


class BodyGate:
    """Opens for records that hold a body, whatever is in it."""

    probes = (rf"{_BODY_KEY}\x12",)
    also = ""

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


def is_body_key(key: str) -> bool:
    """Tell whether an attribute holds a body."""
    return "body" in key.lower() and _IS_BODY_KEY.match(key.encode("utf-8", "replace")) is not None


def may_hold_body(holder: Mapping[Any, Any]) -> bool:
    """Tell whether there may be a body anywhere in a holder: False is proof."""
    try:
        return b"body" in msgspec.json.encode(holder).lower()
    except (TypeError, ValueError, OverflowError, RecursionError):
        return True


def route_of(attributes: Sequence[KeyValue], name: str = "") -> str:
    """Return the routes and paths that a record names, joined by spaces."""
    routes = [pair.value.string_value for pair in attributes if pair.key in ROUTE_KEYS]
    return " ".join(filter(None, (name, *routes)))


def event_route(event: Mapping[str, Any]) -> str:
    """Return the URL and the transaction of an event, joined by a space."""
    request = event.get("request")
    url = request.get("url") if isinstance(request, Mapping) else None
    return " ".join(str(part) for part in (url, event.get("transaction")) if part)

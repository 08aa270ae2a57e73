"""The HTTP request behind a failure, its answer and its user, from old and new attribute names."""

from collections.abc import Iterator
from ipaddress import ip_address

from otel_bridge.convert.event import Request, User
from otel_bridge.convert.facts import Facts, to_text

_METHODS = ("http.request.method", "http.method")
_STATUSES = range(100, 1_000)
_HEADER = "http.request.header."
_PRIVATE_HEADERS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "x-forwarded-for", "x-real-ip", "forwarded"}
)
"""Sent only with ``send_default_pii``, and scrubbed even then."""


def request(facts: Facts, *, send_default_pii: bool) -> Request | None:
    """Return the request that the entry span served; None when it served none."""
    source = facts.entry or facts.span_attributes
    method = _method(source)
    url, query = _url(source)
    if method is None and url is None:
        return None
    headers = dict(_headers(source, send_default_pii=send_default_pii))
    address = _first(source, "client.address", "http.client_ip") if send_default_pii else None
    return Request(
        method=method,
        url=url,
        query_string=query or None,
        headers=headers or None,
        env={"REMOTE_ADDR": address} if address else None,
    )


def _method(source: dict[str, object]) -> str | None:
    """Return the method; trackers refuse what does not look like one."""
    method = (_first(source, *_METHODS) or "").upper()
    letters = method.replace("-", "").replace("_", "")
    is_method = 3 <= len(method) <= 32 and letters.isascii() and letters.isalpha()  # noqa: PLR2004
    return method if is_method else None


def status_code(source: dict[str, object]) -> int | None:
    """Return the HTTP status of the answer."""
    value = source.get("http.response.status_code", source.get("http.status_code"))
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 4:  # noqa: PLR2004
        value = int(value)
    return value if isinstance(value, int) and value in _STATUSES else None


def route(facts: Facts) -> str | None:
    """Return the route of the request, or the name of the entry span: low in cardinality.

    The route in a mounted application follows the place where that is mounted.
    """
    source = facts.entry
    pattern = _first(source, "http.route") or facts.text("http.route")
    for inner in facts.mounted:
        outer = (pattern or "").rstrip("/")
        pattern = inner if inner.startswith(outer) else f"{outer}{inner}"
    if pattern is None:
        pattern = _first(source, "celery.task_name")
    if pattern is not None:
        return pattern
    if facts.entry_span is not None and facts.entry_span.name:
        return facts.entry_span.name
    return facts.span.name if facts.span is not None and facts.span.name else None


def user(facts: Facts, *, send_default_pii: bool) -> User | None:
    """Return the user; what names a person only with ``send_default_pii``."""
    found = User(id=facts.text("user.id", "enduser.id", "enduser.pseudo.id", "user.hash"))
    if send_default_pii:
        found.email = facts.text("user.email")
        found.username = facts.text("user.name")
        found.name = facts.text("user.full_name")
        found.ip_address = _ip_address(facts.text("client.address", "http.client_ip"))
    return None if found == User() else found


def _ip_address(text: str | None) -> str | None:
    """Return an address if it is one: it may as well be a name or the path of a socket."""
    try:
        return None if text is None else str(ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def _url(source: dict[str, object]) -> tuple[str | None, str | None]:
    """Return URL and query. The query never stays in the URL, so that it is scrubbed by key."""
    full = _first(source, "url.full", "http.url")
    query = _first(source, "url.query")
    if full is None:
        path = _first(source, "url.path")
        if path is None:
            path = _first(source, "http.target")
        if path is None:
            return None, query
        full = _origin(source) + path
    base, mark, rest = full.partition("?")
    if mark and not query:
        query = rest.partition("#")[0]
    return base.partition("#")[0], query


def _origin(source: dict[str, object]) -> str:
    host = _first(source, "server.address", "http.host", "http.server_name", "net.host.name")
    if host is None:
        return ""
    scheme = _first(source, "url.scheme", "http.scheme") or "http"
    port = _first(source, "server.port", "net.host.port")
    default = {"http": "80", "https": "443"}.get(scheme)
    suffix = f":{port}" if port and port != default and ":" not in host else ""
    return f"{scheme}://{host}{suffix}"


def _headers(source: dict[str, object], *, send_default_pii: bool) -> Iterator[tuple[str, str]]:
    agent = _first(source, "user_agent.original", "http.user_agent")
    for name, value in source.items():
        if name.startswith(_HEADER):
            header = name[len(_HEADER) :].replace("_", "-")
            if send_default_pii or header not in _PRIVATE_HEADERS:
                yield header.title(), to_text(value)
                if header == "user-agent":
                    agent = None
    if agent is not None:
        yield "User-Agent", agent


def _first(source: dict[str, object], *names: str) -> str | None:
    for name in names:
        value = source.get(name)
        if value is not None and value != "":
            return to_text(value)
    return None

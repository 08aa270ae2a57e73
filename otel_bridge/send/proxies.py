"""Which proxy, if any, leads to a URL. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """The proxies of a machine, and what is reached without them."""

    http: str = field(default="", repr=False)
    """Proxy for ``http`` URLs; may hold a password."""
    https: str = field(default="", repr=False)
    """Proxy for ``https`` URLs; may hold a password."""
    exceptions: tuple[str, ...] = ()
    """Hosts (with all below them), ``host:port``, addresses, networks, or ``*`` for everything."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Proxies":
        """Read ``HTTP(S)_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``; lower case wins."""

        def read(name: str) -> str:
            return environ.get(name.lower(), "") or environ.get(name, "")

        # In a CGI process HTTP_PROXY is the client's header "Proxy" (CVE-2016-5385).
        is_cgi = "REQUEST_METHOD" in environ
        http = environ.get("http_proxy", "") if is_cgi else read("HTTP_PROXY")
        names = (name.strip() for name in read("NO_PROXY").split(","))
        return cls(
            http=http or read("ALL_PROXY"),
            https=read("HTTPS_PROXY") or read("ALL_PROXY"),
            exceptions=tuple(name for name in names if name),
        )

    def proxy_for(self, url: str) -> str:
        """Return the URL of the proxy that leads to a URL; empty for the direct way."""
        parts = urlsplit(url)
        proxy = self.https if parts.scheme == "https" else self.http
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        if proxy and not any(_covers(rule.lower(), host, port) for rule in self.exceptions):
            return proxy if "://" in proxy else f"http://{proxy}"
        return ""


def _covers(rule: str, host: str, port: int) -> bool:
    if rule == "*":
        return True
    try:
        return ip_address(host.strip("[]")) in ip_network(rule, strict=False)
    except ValueError:
        pass  # one of them is a name
    name, colon, rule_port = rule.rpartition(":")
    if colon and rule_port.isdecimal():
        if int(rule_port) != port:
            return False
        rule = name
    rule = rule.removeprefix("*").strip(".[]")
    return host == rule or host.endswith(f".{rule}")

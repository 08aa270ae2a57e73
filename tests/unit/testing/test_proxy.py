import http.client

import pytest
from urllib3 import ProxyManager, make_headers

from otel_bridge.testing import FakeProxy, FakeServer


def test_a_plain_request_is_passed_on_without_what_was_for_the_proxy():
    with FakeServer() as server, FakeProxy("user:word") as proxy:
        login = make_headers(proxy_basic_auth="user:word")
        answer = ProxyManager(proxy.url, proxy_headers=login).request(
            "POST", f"{server.url}/v1/traces?a=b", body=b""
        )

    assert answer.status == 200
    assert [(asked.method, asked.status) for asked in proxy.asked] == [("POST", 0)]
    assert server.seen[0].path == "/v1/traces?a=b"
    assert "proxy-authorization" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("login", "target", "status"),
    [("user:word", "127.0.0.1:9", 407), ("", "127.0.0.1:9", 502)],
    ids=["no login", "nobody there"],
)
def test_a_tunnel_that_cannot_be_is_refused(login, target, status):
    with FakeProxy(login) as proxy:
        host, port = proxy.url.rpartition("@")[2].removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request("CONNECT", target)
        assert connection.getresponse().status == status
        connection.close()

    assert proxy.asked == [("CONNECT", target, status)]

import socket
import time
from pathlib import Path

import pytest
from opentelemetry import context

from otel_bridge.send.options import SendOptions
from otel_bridge.send.proxies import Proxies
from otel_bridge.send.transport import HttpTransport, Unreachable, not_instrumented
from otel_bridge.testing import Answer, FakeProxy, FakeServer


@pytest.fixture
def server():
    with FakeServer() as running:
        yield running


def post(url, timeout=5.0, transport=None):
    transport = transport or HttpTransport(SendOptions(connect_timeout_s=0.5))
    return transport.post(url, b"body", {"X-Test": "1"}, timeout)


def test_a_post_returns_status_headers_and_body(server):
    server.answer(Answer(status=418, headers={"X-Reply": "Yes"}, body=b"teapot"))

    reply = post(server.url + "/x")

    assert (reply.status, reply.headers["x-reply"], reply.body) == (418, "Yes", b"teapot")
    assert server.seen[0].content == b"body"
    assert server.seen[0].headers["x-test"] == "1"


def test_one_connection_serves_many_posts(server):
    transport = HttpTransport(SendOptions())

    for _ in range(3):
        post(server.url + "/x", transport=transport)

    assert len({id(connection) for connection in server.connections}) == 1


def test_a_redirect_is_not_followed(server):
    server.answer(Answer(status=302, headers={"Location": server.url + "/elsewhere"}))

    assert post(server.url + "/x").status == 302
    assert [seen.path for seen in server.seen] == ["/x"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(cut="before"), "disconnected"),
        (Answer(cut="after"), "disconnected"),
        (Answer(cut="reset"), "disconnected"),
        (Answer(cut="middle"), "disconnected"),
        (Answer(cut="middle", body=b"x" * 1000), "disconnected"),
        (Answer(delay_s=2.0), "timeout"),
        (Answer(drip_s=0.02, body=b"x" * 1000), "timeout"),
    ],
    ids=["before", "after", "reset", "in headers", "in body", "hang", "drip"],
)
def test_no_whole_answer_in_time_is_unreachable_within_the_time_limit(server, answer, reason):
    server.answer(answer)
    begin = time.monotonic()

    with pytest.raises(Unreachable, match=reason):
        post(server.url + "/x", timeout=0.2)

    assert time.monotonic() - begin < 0.5


def test_a_server_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(Unreachable, match="refused_connection"):
        post(f"http://127.0.0.1:{port}/")


def test_a_host_that_does_not_exist_is_unreachable():
    with pytest.raises(Unreachable, match="dns"):
        post("http://no-such-host.invalid/")


def test_a_server_without_tls_is_unreachable_over_tls(server):
    with pytest.raises(Unreachable, match="tls"):
        post(server.url.replace("http:", "https:"))


def test_a_url_that_is_none_is_unreachable():
    with pytest.raises(Unreachable):
        post("http://[::1/")


def test_a_child_opens_its_own_connections(server):
    transport = HttpTransport(SendOptions())
    post(server.url + "/x", transport=transport)

    transport.after_fork_in_child()
    post(server.url + "/x", transport=transport)

    assert len(server.connections) == 2


def test_our_own_traffic_is_not_instrumented():
    utils = pytest.importorskip("opentelemetry.instrumentation.utils")
    before = context.get_current()

    with not_instrumented():
        assert not utils.is_http_instrumentation_enabled()

    assert utils.is_http_instrumentation_enabled()
    assert context.get_current() == before


def test_a_proxy_is_asked_for_the_whole_url_with_its_login(server):
    proxies = Proxies(http=f"http://me:s%40fe@127.0.0.1:{server.port}")
    transport = HttpTransport(SendOptions(proxies=proxies))

    assert post("http://far.invalid/x", transport=transport).status == 200

    (seen,) = server.seen
    assert seen.path == "http://far.invalid/x"
    assert seen.headers["proxy-authorization"] == "Basic bWU6c0BmZQ=="


def test_a_proxy_that_is_not_there_is_unreachable_and_its_password_is_not_told():
    proxies = Proxies(http="http://me:secret@127.0.0.1:1")

    with pytest.raises(Unreachable) as caught:
        post("http://far.invalid/x", transport=HttpTransport(SendOptions(proxies=proxies)))

    assert str(caught.value) == "proxy_refused_connection"


@pytest.mark.parametrize("option", ["ca_file", "client_cert_file"])
def test_a_certificate_file_that_is_not_there_makes_tls_unreachable(server, option):
    options = SendOptions(**{option: Path("/nowhere/cert.pem")})

    with pytest.raises(Unreachable):
        post(server.url.replace("http:", "https:"), transport=HttpTransport(options))


def test_a_proxy_that_stands_in_the_way_is_named():
    def reason(url, proxy):
        options = SendOptions(connect_timeout_s=0.5, proxies=Proxies(http=proxy, https=proxy))
        begin = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            post(url, transport=HttpTransport(options))
        assert time.monotonic() - begin < 2.0
        return str(caught.value)

    with socket.create_server(("127.0.0.1", 0)) as silent, FakeProxy("user:word") as closed:
        hangs = f"http://127.0.0.1:{silent.getsockname()[1]}"
        lets_nobody_in = closed.url.replace("user:word@", "")

        assert reason("https://127.0.0.1:9/", hangs) == "timeout"
        assert reason("https://127.0.0.1:9/", lets_nobody_in) == "proxy_unreachable"
        assert reason("https://127.0.0.1:9/", "http://127.0.0.1:9") == "proxy_refused_connection"
        assert reason("http://127.0.0.1:9/", "http://127.0.0.1:9") == "proxy_refused_connection"

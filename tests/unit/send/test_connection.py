import gzip
import http.client
import socket
import threading
import time

import pytest

from otel_bridge.errors import ReceiveError
from otel_bridge.send.connection import exchange
from otel_bridge.send.options import SendOptions
from otel_bridge.send.transport import HttpTransport, Unreachable
from otel_bridge.testing import FakeServer
from otel_bridge.testing.answers import Answer as Scripted

HEAD = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n"


def ask(*pieces: bytes, timeout: float = 2.0, ends: bool = False):
    """Exchange a request for an answer that comes in pieces."""
    ours, theirs = socket.socketpair()

    def answer() -> None:
        theirs.recv(1 << 16)
        for piece in pieces:
            theirs.sendall(piece)
            time.sleep(0.01)
        if ends:
            theirs.close()

    server = threading.Thread(target=answer)
    server.start()
    try:
        return exchange(ours, HEAD, b"body", timeout)
    finally:
        server.join()
        ours.close()
        theirs.close()


def compressed(text: bytes) -> bytes:
    body = gzip.compress(text)
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )


@pytest.mark.parametrize(
    ("pieces", "status", "body", "stays_open"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"o", b"k"], 200, b"ok", True),
        ([b"HTTP/1.1 429\r\nContent-Length: 0\r\n\r\n"], 429, b"", True),
        ([b"HTTP/1.1 200 OK\r\nConte", b"nt-Length: 2\r\n\r\nok"], 200, b"ok", True),
        ([b"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 204 No\r\n\r\n"], 204, b"", True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more"], 200, b"ok", False),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", b"0\r\n\r\n"],
            200, b"ok", True,
        ),
        (
            [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"],
            200, b"ok", False,
        ),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", False),
        ([compressed(b"ok")], 200, b"ok", True),
        (
            [b"HTTP/1.1 200 OK\r\nContent-Length: 1200000\r\n\r\n", b"x" * 1_200_000],
            200, b"x" * 1_200_000, True,
        ),
    ],
    ids=["plain", "in pieces", "no reason", "cut head", "continue", "too much", "chunked", "close",
         "old", "gzip", "long"],
)  # fmt: skip
def test_any_answer_is_understood(pieces, status, body, stays_open):
    answered = ask(*pieces)

    assert (answered.status, answered.body) == (status, body)
    assert answered.stays_open is stays_open


def test_headers_have_lower_case_names_and_are_joined_where_they_come_twice():
    for extra in (b"", b"Connection: close\r\n"):
        answered = ask(
            b"HTTP/1.1 200 OK\r\n%bContent-Length: 0\r\nX-Limits: 1\r\nx-limits:  2 \r\n\r\n"
            % extra
        )

        assert answered.headers["x-limits"] == "1, 2"


def test_an_answer_without_a_length_ends_with_the_connection():
    answered = ask(b"HTTP/1.1 200 OK\r\n\r\nall of it", ends=True)

    assert (answered.body, answered.stays_open) == (b"all of it", False)


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhal"],
        [b"HTTP/1.1 200 OK\r\nContent-Le"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"],
        [b"no such protocol\r\n\r\n"],
    ],
    ids=["nothing", "body", "closing", "head", "chunk", "garbage"],
)
def test_half_an_answer_is_none(pieces):
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(*pieces, ends=True)


def test_a_body_that_is_not_what_it_says_is_an_error():
    with pytest.raises(ReceiveError):
        ask(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nwhat")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"HTTP/1.1 2"])
def test_a_slow_answer_is_cut_off(head):
    begin = time.monotonic()

    with pytest.raises(TimeoutError):
        ask(head, *[b"1"] * 30, timeout=0.1)

    assert time.monotonic() - begin < 1.0


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Scripted(cut="before"), "disconnected"),
        (Scripted(cut="after"), "disconnected"),
        (Scripted(cut="reset"), "disconnected"),
        (Scripted(cut="middle", body=b"x" * 1000), "disconnected"),
        (Scripted(delay_s=2.0), "timeout"),
        (Scripted(drip_s=0.02, body=b"x" * 1000), "timeout"),
    ],
    ids=["before", "after", "reset", "middle", "hang", "drip"],
)
def test_an_open_connection_that_fails_is_not_used_again(answer, reason):
    with FakeServer() as server:
        transport = HttpTransport(SendOptions())
        server.answer(Scripted(), answer)

        def post(timeout=5.0):
            return transport.post(server.url + "/x", b"body", {"X-Test": "1"}, timeout)

        post()
        with pytest.raises(Unreachable, match=reason):
            post(0.3)

        assert post().status == 200
        assert len(server.connections) == 2


def test_the_second_request_says_what_the_first_one_said():
    with FakeServer() as server:
        transport = HttpTransport(SendOptions())
        for _ in range(2):
            transport.post(server.url + "/x?y=1", b"body", {"X-Test": "1", "User-Agent": "u"}, 5.0)

        first, second = server.seen
        assert (second.path, second.content) == (first.path, first.content)
        assert second.headers == first.headers


def test_a_header_that_would_be_two_is_never_sent():
    with FakeServer() as server:
        transport = HttpTransport(SendOptions())
        transport.post(server.url + "/x", b"", {"X-Test": "1"}, 5.0)
        with pytest.raises(Unreachable):
            transport.post(server.url + "/x", b"", {"X-Test": "1\r\nX-More: 2"}, 5.0)

        assert len(server.seen) == 1


def test_a_server_that_has_closed_the_connection_gets_a_new_one():
    with FakeServer() as server:
        transport = HttpTransport(SendOptions())
        server.answer(Scripted(headers={"Connection": "close"}))
        for _ in range(3):
            assert transport.post(server.url + "/x", b"", {"X-Test": "1"}, 5.0).status == 200

        assert len(server.connections) == 2

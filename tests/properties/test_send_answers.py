import socket
import time

from hypothesis import given, strategies as st

from otel_bridge.send.connection import Answer, read_head

NAMES = st.sampled_from(
    ["Content-Length", "content-length", "Connection", "Transfer-Encoding", "X-A", "x-a", "Vary"]
)
VALUES = st.sampled_from(
    ["0", "2", " 2", "2 ", "keep-alive", "Keep-Alive", "close", "chunked", "", "a: b", "ä", "+2"]
)
LINES = st.lists(st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]}:{pair[1]}"), max_size=5)
FIRST = st.sampled_from(
    ["HTTP/1.1 200 OK", "HTTP/1.1 503 ", "HTTP/1.1 429", "HTTP/1.0 200 OK", "HTTP/1.1 204 No",
     "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 ²00 OK"]
)  # fmt: skip


@given(FIRST, LINES, st.sampled_from(["", "\r\n folded", "\r\nno colon", "\nX-B: 1", "\rX-B: 1"]))
def test_what_is_read_quickly_is_what_the_library_reads(first, lines, odd):
    head = ("\r\n".join([first, *lines]) + odd).encode("latin-1")
    found = read_head(head)
    if found is None:
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(head + b"\r\n\r\n" + b"x" * 4)
        theirs.shutdown(socket.SHUT_WR)
        answer = Answer(time.monotonic() + 1.0, ours, method="POST")
        answer.begin()
        assert found[0] == answer.status
        assert found[2] == answer.length or (found[2] == 0 and answer.length is None)
        assert set(found[1]) == {name.lower() for name in answer.headers}
        assert not answer.will_close
        answer.close()

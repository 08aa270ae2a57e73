import gzip

import pytest

from otel_bridge.send.transport import HttpTransport, Reply, Transport, Unreachable
from otel_bridge.testing import ScriptedTransport


def test_it_answers_from_its_script_and_then_as_always():
    transport = ScriptedTransport(503, Reply(429, {"retry-after": "1"}, b"no"), otherwise=202)

    answers = [transport.post("http://x/", b"", {}, 1.0) for _ in range(3)]

    assert [answer.status for answer in answers] == [503, 429, 202]
    assert answers[1].body == b"no"


def test_it_can_be_out_of_reach_and_more_steps_can_follow():
    transport = ScriptedTransport(None)
    transport.then(201)

    with pytest.raises(Unreachable):
        transport.post("http://x/", b"", {}, 1.0)
    assert transport.post("http://x/", b"", {}, 1.0).status == 201


def test_it_can_answer_by_what_was_posted():
    transport = ScriptedTransport(otherwise=lambda posted: 400 if posted.body == b"bad" else 200)

    assert transport.post("http://x/", b"bad", {}, 1.0).status == 400
    assert transport.post("http://x/", b"good", {}, 1.0).status == 200


def test_it_remembers_what_was_posted_and_reads_compressed_bodies():
    transport = ScriptedTransport()

    transport.post("http://x/", gzip.compress(b"body"), {"A": "b"}, 2.0)

    (posted,) = transport.posted
    assert (posted.content, posted.headers, posted.timeout) == (b"body", {"A": "b"}, 2.0)


def test_it_can_stand_in_for_the_real_one():
    assert isinstance(ScriptedTransport(), Transport)
    assert isinstance(HttpTransport(), Transport)

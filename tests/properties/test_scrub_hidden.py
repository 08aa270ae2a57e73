"""What protobuf lets a sender hide from a search of bytes: odd orders, pieces, repeated fields."""

import pytest

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.first_pass import FirstPass
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import SpanKind
from otel_bridge.wire.messages import LogRecord
from otel_bridge.wire.varint import varint
from tests.properties.scrub_data import any_value, log_batch, pair, span_batch

IDS = b"\x0a\x10" + b"\x01" * 16 + b"\x12\x08" + b"\x02" * 8
SECRET = b"Bearer " + b"ab1" * 9
NAME, ATTRIBUTE, EVENT, STATUS = b"\x2a", b"\x4a", b"\x5a", b"\x7a"
KEY, VALUE, TEXT, UNKNOWN = b"\x0a", b"\x12", b"\x0a", b"\x3a"
EVENT_ATTRIBUTE, LOG_ATTRIBUTE = b"\x1a", b"\x32"
A_VALUE = VALUE + b"\x03\x0a\x01x"
PEER = "203.0.113.17"


def field(tag, content, padding=0):
    """Encode a field whose length may take more bytes than it needs, as .NET writes it."""
    length = varint(len(content))
    if padding:
        length = length[:-1] + bytes([length[-1] | 0x80, *[0x80] * (padding - 1), 0])
    return tag + length + content


def key(name):
    return field(KEY, name)


def text(value):
    return field(VALUE, field(TEXT, value))


def scrubbed(raw, scrubber=None, kind=SpanKind.CLIENT):
    (record,) = (scrubber or Scrubber()).batch(span_batch(raw, kind=kind)).batch.records()
    return record.raw


HIDDEN = {
    "a field of an attribute that is not known": key(b"a") + A_VALUE + field(UNKNOWN, SECRET),
    "a field of a value that is not known": key(b"a")
    + field(VALUE, b"\x0a\x01x" + field(b"\x7a", SECRET)),
    "a key before the key": key(SECRET) + key(b"a") + A_VALUE,
    "a value before the value": key(b"a") + text(SECRET) + A_VALUE,
    "another kind of value": key(b"a") + field(VALUE, field(TEXT, SECRET) + b"\x10\x01"),
}


@pytest.mark.parametrize("attribute", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("options", [{}, {"annotate": True}, {"send_default_pii": True}], ids=str)
def test_what_no_decoder_shows_does_not_leave_either(attribute, options):
    scrubber = Scrubber(ScrubOptions(**options))
    raw = IDS + field(ATTRIBUTE, attribute)

    assert SECRET not in scrubbed(raw, scrubber)
    assert SECRET not in scrubbed(raw, scrubber)  # nor what comes again


@pytest.mark.parametrize("rest", [b"", field(ATTRIBUTE, key(b"a") + A_VALUE)])
def test_a_name_that_a_later_one_replaces_does_not_leave(rest):
    assert SECRET not in scrubbed(IDS + field(NAME, SECRET) + field(NAME, b"GET /") + rest)


WHO, JANE = key(b"user.name"), text(b"jane")
ODD = {
    "usual": WHO + JANE,
    "value first": JANE + WHO,
    "a field that is not known first": b"\x18\x01" + JANE + WHO,
    "a tag that is too long": b"\x92\x00" + JANE[1:] + WHO,
    "two keys": key(b"a") + JANE + WHO,
    "an empty key first": key(b"") + JANE + WHO,
    "something between key and value": WHO + b"\x18\x01" + JANE,
    "a tag of a value that is too long": WHO + b"\x92\x00" + JANE[1:],
}
PADDING = pytest.mark.parametrize("padding", [0, 1, 3])
odd = pytest.mark.parametrize("attribute", ODD.values(), ids=ODD)


@odd
@PADDING
@pytest.mark.parametrize("unknown", [b"", b"\xa2\x06\x01x"], ids=["known", "unknown fields"])
@pytest.mark.parametrize("options", [{}, {"annotate": True}], ids=str)
def test_personal_attributes_are_found_however_they_are_written(
    attribute, padding, unknown, options
):
    scrubber = Scrubber(ScrubOptions(**options))
    inner = field(EVENT_ATTRIBUTE, attribute, padding)

    assert b"jane" not in scrubbed(IDS + field(ATTRIBUTE, attribute, padding) + unknown, scrubber)
    assert b"jane" not in scrubbed(IDS + field(EVENT, inner, padding) + unknown, scrubber)
    log = field(LOG_ATTRIBUTE, attribute, padding) + unknown
    (record,) = scrubber.batch(log_batch(log)).batch.records()
    assert b"jane" not in record.raw


@odd
@PADDING
def test_personal_attributes_of_a_resource_are_found_however_they_are_written(attribute, padding):
    resource = field(b"\x0a", attribute, padding)

    batch = Scrubber().batch(span_batch(IDS, resource=resource)).batch

    assert b"jane" not in batch.resources[0].resource


def test_a_clean_record_leaves_as_it_came_however_it_is_written():
    attribute = field(EVENT_ATTRIBUTE, text(b"x") + key(b"a"), 3)
    raw = IDS + field(EVENT, attribute + b"\x20\x00", 3) + field(ATTRIBUTE, text(b"x") + key(b"a"))

    scrubber = Scrubber()

    assert scrubbed(raw, scrubber) == raw
    assert scrubbed(raw, scrubber) == raw


@pytest.mark.parametrize("tag", [STATUS, EVENT, NAME], ids=["status", "event", "name"])
def test_what_is_clean_in_one_field_is_looked_at_in_another(tag):
    scrubber = Scrubber()
    scrubbed(IDS + field(tag, JANE + WHO), scrubber)

    assert b"jane" not in scrubbed(IDS + field(ATTRIBUTE, JANE + WHO), scrubber)


@pytest.mark.parametrize(
    "value",
    [{"network.peer.address": PEER}, [["network.peer.address", PEER]]],
    ids=["pairs", "list"],
)
def test_the_address_of_a_peer_in_a_value_is_judged_by_the_span_that_it_is_in(value):
    scrubber = Scrubber()
    raw = IDS + field(ATTRIBUTE, pair("x", value).SerializeToString())

    assert PEER.encode() in scrubbed(raw, scrubber, SpanKind.CLIENT)
    assert PEER.encode() not in scrubbed(raw, scrubber, SpanKind.SERVER)


@pytest.mark.parametrize("unknown", [b"", b"\xa2\x06\x01x"], ids=["known", "unknown fields"])
def test_a_record_that_no_decoder_reads_does_not_leave(unknown):
    scrubber = Scrubber()
    raw = IDS + field(ATTRIBUTE, key(b"\xff") + A_VALUE) + unknown

    done = scrubber.batch(span_batch(IDS, raw, IDS))

    assert [record.raw for record in done.batch.records()] == [IDS, IDS]
    assert done.dropped == 1


ADDRESSES = ["8.8.8.8", "2001:4860:4860::8888", "2a00::1", "::ffff:8.8.8.8", ["8.8.8.8"]]


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
@pytest.mark.parametrize(
    "options", [{}, {"preset": "keys"}, {"allow_rules": ("ip-address",)}], ids=str
)
def test_the_address_of_a_client_is_found_by_its_key(address, options):
    scrubber = Scrubber(ScrubOptions(**options))
    raw = IDS + field(ATTRIBUTE, pair("network.peer.address", address).SerializeToString())

    assert b"[Filtered" in scrubbed(raw, scrubber, SpanKind.SERVER)
    assert b"[Filtered" in scrubbed(raw, scrubber, SpanKind.SERVER)  # what comes again, too


def test_a_private_address_of_a_peer_is_no_reason_to_look():
    look = FirstPass(Engine(ScrubOptions()).detector)
    raw = field(ATTRIBUTE, pair("net.peer.ip", "10.1.2.3").SerializeToString())
    (record,) = span_batch(raw).records()

    assert look.doubts([record]).places == set()


def test_a_body_that_comes_in_pieces_is_searched_as_a_whole():
    pieces = [["--key"], ["Zt1xWv8Lb3Kd4f9aK2mPq7"]]
    raw = b"".join(LogRecord(body=any_value(piece)).SerializeToString() for piece in pieces)

    (record,) = Scrubber().batch(log_batch(raw)).batch.records()

    assert pieces[1][0].encode() not in record.raw

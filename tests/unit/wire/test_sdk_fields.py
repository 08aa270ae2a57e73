from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import INVALID_SPAN_CONTEXT, SpanContext, SpanKind, StatusCode

from otel_bridge.wire.sdk_fields import (
    attributes_of,
    context_fields,
    enum_number,
    group_fields,
    has_events,
    is_plain,
    public_span_fields,
    span_fields,
)
from tests.unit.wire.make import (
    bounded,
    bounded_list,
    make_context,
    make_event,
    make_link,
    make_span,
)


def comparable(fields):
    """Fields with collections as plain ones, whichever way they were read."""
    return fields._replace(
        attributes=dict(fields.attributes), events=list(fields.events), links=list(fields.links)
    )


def public_view(thing, names):
    """An object of another make: the same public properties, none of the private fields."""
    return SimpleNamespace(**{name: getattr(thing, name) for name in names})


SPAN_PROPERTIES = (
    "name", "context", "parent", "kind", "start_time", "end_time", "attributes",
    "dropped_attributes", "events", "dropped_events", "links", "dropped_links", "status",
    "resource", "instrumentation_scope",
)  # fmt: skip


def full_span():
    return make_span(
        attributes=bounded({"a": 1}, dropped=1),
        events=bounded_list([make_event(a=1)], dropped=2),
        links=bounded_list([make_link(make_context())], dropped=3),
        parent=make_context(remote=True),
    )


def test_private_fields_hold_what_the_public_properties_show():
    span = full_span()

    assert comparable(span_fields(span)) == comparable(public_span_fields(span))
    assert span_fields(span).attributes == {"a": 1}
    assert [span_fields(span).dropped_attributes, span_fields(span).dropped_links] == [1, 3]


def test_a_span_of_the_installed_sdk_has_the_private_fields():
    span = TracerProvider().get_tracer("t").start_span("s", attributes={"a": 1})
    span.end()

    assert type(span_fields(span._readable_span()).attributes) is dict


def test_a_span_without_private_fields_is_read_through_its_properties():
    span = full_span()
    foreign = public_view(span, SPAN_PROPERTIES)

    assert comparable(span_fields(foreign)) == comparable(span_fields(span))
    assert group_fields(foreign) == group_fields(span)


def test_a_span_made_by_hand_is_read_through_its_properties():
    span = make_span(attributes={"a": 1}, events=(), links=[], parent=None)

    fields = span_fields(span)

    assert (dict(fields.attributes), list(fields.events), list(fields.links)) == ({"a": 1}, [], [])


def test_a_sampled_span_that_did_not_fail_is_plain():
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("t")
    plain, failed, told = (tracer.start_span(name) for name in ("plain", "failed", "told"))
    plain.set_status(StatusCode.OK)
    failed.set_status(StatusCode.ERROR)
    told.add_event("exception")

    assert [is_plain(span) for span in (plain, failed, told)] == [True, False, False]


def test_a_span_that_is_not_sampled_or_of_another_make_is_not_known_to_be_plain():
    span = make_span()
    unsampled = make_span(context=SpanContext(1, 2, is_remote=False))

    assert not is_plain(unsampled)
    assert not is_plain(make_span(context=None))
    assert not is_plain(public_view(span, SPAN_PROPERTIES))


def test_a_span_without_attributes_has_none():
    assert dict(span_fields(make_span(attributes=None)).attributes) == {}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (bounded_list([make_event()]), True),
        (bounded_list(()), False),
        ((make_event(),), True),
        ((), False),
    ],
    ids=["kept", "none kept", "by hand", "none by hand"],
)
def test_whether_a_span_has_events_is_known_without_a_copy(events, expected):
    assert has_events(make_span(events=events)) is expected


def test_context_fields_come_from_any_kind_of_context():
    ids = (1).to_bytes(16, "big"), (2).to_bytes(8, "big")
    context = make_context(1, 2, remote=True, state=[("a", "1")])
    foreign = public_view(context, ("trace_id", "span_id", "is_remote", "trace_state"))

    for each in (context, foreign):
        assert context_fields(each)[:3] == (*ids, True)
        assert dict(context_fields(each)[3]) == {"a": "1"}
    nothing = bytes(16), bytes(8), False
    assert context_fields(None)[:3] == context_fields(INVALID_SPAN_CONTEXT)[:3] == nothing


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start_time": None}, {"start_ns": 0}),
        ({"start_time": -1, "end_time": 5}, {"start_ns": 0, "end_ns": 5}),
        ({"end_time": 2**64}, {"end_ns": 2**64 - 1}),
        ({"kind": None}, {"kind": 0}),
        ({"kind": 99}, {"kind": 0}),
        ({"status": None}, {"status": None, "description": None}),
        ({"context": None}, {"trace_id": bytes(16), "span_id": bytes(8)}),
        ({"context": make_context(2**200)}, {"trace_id": bytes(16)}),
        ({"parent": make_context(span_id=2**200)}, {"parent_id": bytes(8), "flags": 0x100}),
    ],
    ids=str,
)
def test_odd_values_are_brought_into_range(changes, expected):
    fields = span_fields(make_span(**changes))._asdict()

    assert expected.items() <= fields.items()


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [(bounded({"a": 1}), {"a": 1}), ({"a": 1}, {"a": 1}), (None, {}), ({}, {})],
    ids=["bounded", "plain", "none", "empty"],
)
def test_attributes_are_a_mapping_whatever_holds_them(attributes, expected):
    assert dict(attributes_of(SimpleNamespace(attributes=attributes))) == expected


def test_an_enum_member_or_a_number_is_a_number():
    assert [enum_number(x) for x in (SpanKind.SERVER, 3, None, "x", -1)] == [1, 3, 0, 0, 0]
    assert enum_number(None, -1) == -1

from otel_bridge.sample.context import Parent, SamplingContext, Start
from otel_bridge.sample.probability import NOTHING, OtState


def context_of(parent=None, **attributes):
    start = Start((0xF << 52) | 0xABC, "GET /orders", "server", attributes, parent)
    return SamplingContext(start, service="shop", environment="prod")


def test_the_facts_are_attributes():
    context = context_of(http__x=1)

    assert (context.name, context.kind, context.service, context.environment) == (
        "GET /orders",
        "server",
        "shop",
        "prod",
    )
    assert context.trace_id == "000000000000000000f0000000000abc"
    assert context.attributes == {"http__x": 1}


def test_the_keys_of_sentry_sdk_are_there():
    context = context_of(Parent(0x12, sampled=True, ot=OtState(1 << 55)), **{"http.route": "/o"})

    assert dict(context) == {
        "transaction_context": {
            "trace_id": "000000000000000000f0000000000abc",
            "parent_span_id": "0000000000000012",
            "op": "server",
            "name": "GET /orders",
            "source": "route",
            "data": {"http.route": "/o"},
        },
        "parent_sampled": True,
        "parent_sample_rate": 0.5,
    }
    assert len(context) == 3
    assert context.get("wsgi_environ") is None


def test_without_a_parent_the_given_rate_is_used():
    context = context_of()

    assert context.parent_sampled is None
    assert context.parent_sample_rate is None
    assert context.inherit_or_sample_with(0.2) == 0.2


def test_a_parents_rate_is_inherited_and_without_one_its_decision():
    known = Parent(1, sampled=True, ot=OtState(3 << 54))

    assert context_of(known).inherit_or_sample_with(1.0) == 0.25
    assert context_of(Parent(1, sampled=True, ot=NOTHING)).inherit_or_sample_with(0.2) == 1.0
    assert context_of(Parent(1, sampled=False, ot=NOTHING)).inherit_or_sample_with(0.2) == 0.0

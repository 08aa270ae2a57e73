from otel_bridge.convert.event import ErrorEvent, Sdk, TraceContext, to_plain


def test_what_is_unset_is_left_out():
    event = ErrorEvent("a" * 32, 1.5, "python", "error", Sdk("n", "1"))

    assert to_plain(event) == {
        "event_id": "a" * 32,
        "timestamp": 1.5,
        "platform": "python",
        "level": "error",
        "sdk": {"name": "n", "version": "1"},
    }


def test_nothing_is_shared_with_the_plain_form():
    event = ErrorEvent("a" * 32, 1.5, "python", "error", Sdk("n", "1"), tags={"a": "b"})
    event.contexts["trace"] = TraceContext("1" * 32, "2" * 16)
    event.meta = {"x": {"": {"len": 1}}}
    plain = to_plain(event)
    plain["tags"]["a"] = "c"
    plain["contexts"]["trace"]["span_id"] = ""

    assert event.tags == {"a": "b"}
    assert event.contexts["trace"].span_id == "2" * 16
    assert plain["_meta"] == {"x": {"": {"len": 1}}}

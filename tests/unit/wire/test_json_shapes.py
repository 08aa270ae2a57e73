import re

from otel_bridge.wire import json_shapes as shapes, messages


def camel(name):
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def test_the_shapes_have_the_fields_of_the_messages():
    unread = {
        "Resource": {"entityRefs"},
        "KeyValue": {"keyStrindex"},
        "AnyValue": {"stringValueStrindex"},
    }
    pairs = {
        "Scope": messages.InstrumentationScope,
        "Event": messages.Span.Event,
        "Link": messages.Span.Link,
        **{
            name: getattr(messages, name)
            for name in ("AnyValue", "KeyValue", "ArrayValue", "KeyValueList", "Resource", "Span",
                         "Status", "LogRecord", "ScopeSpans", "ResourceSpans", "ScopeLogs",
                         "ResourceLogs")
        },
    }  # fmt: skip

    differing = {
        name: missing
        for name, message in pairs.items()
        if (missing := {camel(field.name) for field in message.DESCRIPTOR.fields}
            ^ set(getattr(shapes, name).__struct_encode_fields__)) - unread.get(name, set())
    }  # fmt: skip

    assert differing == {}

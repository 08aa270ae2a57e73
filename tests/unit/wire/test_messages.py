from otel_bridge.wire import messages


def test_enum_values_are_known_by_their_names():
    assert messages.SPAN_KINDS["SPAN_KIND_SERVER"] == 2
    assert messages.STATUS_CODES["STATUS_CODE_ERROR"] == 2
    assert messages.SEVERITIES["SEVERITY_NUMBER_ERROR"] == 17


def test_every_name_is_there():
    assert all(hasattr(messages, name) for name in messages.__all__)

from tests.unit.convert.telemetry import PYTHON, event_of, exception, exception_log, make_entry

RESOURCE = {**PYTHON, "service.name": "shop", "service.namespace": "eu"}


def tags_of(**facts):
    return event_of(
        make_entry(1, exception(), **facts),
        resource=RESOURCE,
        tags_from_attributes=("area", "tenant.id"),
    )["tags"]


def test_tags_say_what_people_search_by():
    assert tags_of() == {
        "service.name": "shop",
        "service.namespace": "eu",
        "span.kind": "server",
        "otel.scope.name": "shop",
        "http.response.status_code": "500",
    }


def test_chosen_attributes_become_tags_as_text():
    tags = tags_of(area="checkout", tenant__id=7)

    assert (tags["area"], tags["tenant.id"]) == ("checkout", "7")


def test_values_are_one_short_line():
    assert tags_of(area="a\nb  c" + "x" * 500)["area"] == "a b c" + "x" * 195


def test_empty_values_make_no_tag():
    assert "area" not in tags_of(area=" ")


def test_capture_calls_bring_their_own_tags():
    log = exception_log(
        1,
        **{
            "otel_bridge__tag__plan": "pro",
            "otel_bridge__tag__release": "no",
            "otel_bridge__tag__a b": "c",
        },
    )
    tags = event_of(log)["tags"]

    assert (tags["plan"], tags["a-b"]) == ("pro", "c")
    assert "release" not in tags

import pytest

from otel_bridge.scrub.scrubber import Scrubber


@pytest.mark.parametrize("name", ["cookie", "?a=1&cookie=abcdef0123456789abcdef0123456789"])
@pytest.mark.parametrize("value", [7, 1.5])
def test_a_marker_names_the_rule_and_never_repeats_the_name(name, value):
    clean, findings = Scrubber().value({name: value})

    assert list(clean.values()) == ["[Filtered:cookie]"]
    assert {finding.rule for finding in findings} == {"cookie"}


def test_containers_beyond_the_depth_under_a_sensitive_name_are_replaced_as_a_whole():
    value = {"cookie": "x"}
    for _ in range(40):
        value = {"cookie": [value]}

    clean, _ = Scrubber().value(value)

    assert "x" not in str(clean).replace("[Filtered:", "")


@pytest.mark.parametrize(
    ("text", "texts"), [("stringValue", "arrayValue"), ("string_value", "array_value")]
)
def test_attributes_of_otlp_as_json_are_read_by_their_names(text, texts):
    def attribute(key, value):
        return {"key": key, "value": {text: value}}

    def header(name, value):
        return {
            "key": f"http.request.header.{name}",
            "value": {texts: {"values": [{text: value}]}},
        }

    value = [
        attribute("url.query", "token=s3cret1"),
        attribute("db.statement", "SELECT * FROM t WHERE a = 's3cret1'"),
        attribute("cookie", "sid=s3cret1"),
        attribute("db.password", "s3cret1"),
        header("cookie", "sid=s3cret1; b=s3cret1"),
        header("accept", "text/html"),
    ]

    assert Scrubber().value({"attributes": value})[0]["attributes"] == [
        attribute("url.query", "token=[Filtered:token]"),
        attribute("db.statement", "SELECT * FROM t WHERE a = ?"),
        attribute("cookie", "sid=[Filtered:cookie]"),
        attribute("db.password", "[Filtered:password]"),
        header("cookie", "sid=[Filtered:cookie]; b=[Filtered:cookie]"),
        header("accept", "text/html"),
    ]


def test_what_may_stay_beside_one_name_is_not_known_to_stay_under_its_own():
    scrubber = Scrubber()
    address = "8.8.8.8"

    for _ in range(2):
        pair = {"name": "server.address", "value": address}
        assert scrubber.value(pair)[0] == pair
        assert scrubber.value({"value": address})[0] != {"value": address}

"""Sentry event payloads: what goes, what must stay usable, and what ``_meta`` tells."""

import copy

import pytest

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber

SCRUBBER = Scrubber()
PII = Scrubber(ScrubOptions(send_default_pii=True))


def scrubbed(event, scrubber=SCRUBBER):
    clean = dict(scrubber.event(event)[0])
    clean.pop("_meta", None)
    return clean


def test_an_ordinary_event_stays_as_it_is():
    event = {
        "event_id": "0123456789abcdef0123456789abcdef",
        "timestamp": "2026-01-02T03:04:05.123456Z",
        "platform": "python",
        "level": "error",
        "logger": "shop.orders",
        "release": "shop@candidate.fix",
        "environment": "production",
        "server_name": "203.0.113.9",
        "modules": {"pyjwt": "2.8.0", "opencv-python": "4.8.1.78", "token-bucket": "0.3.0"},
        "sdk": {"name": "otel_bridge", "version": "1.0.0", "packages": [{"name": "x"}]},
        "contexts": {
            "browser": {"name": "Chrome", "version": "120.0.0.0"},
            "runtime": {"name": "CPython", "version": "3.12.1"},
            "trace": {"trace_id": "ab" * 16, "span_id": "cd" * 8, "op": "http.server"},
        },
        "threads": {"values": [{"id": 378282246310005, "name": "worker"}]},
        "exception": {
            "values": [
                {
                    "type": "AuthTokenError",
                    "module": "shop.auth.tokens",
                    "value": "expired",
                    "stacktrace": {
                        "frames": [
                            {"function": "check_password", "filename": "shop/secrets.py"},
                            {"abs_path": "/app/shop/secrets.py", "lineno": 7},
                        ]
                    },
                }
            ]
        },
        "fingerprint": ["{{ default }}", "AuthTokenError"],
    }

    assert SCRUBBER.event(event)[0] == event


def test_who_the_user_is_goes_and_the_internal_id_stays():
    user = {"id": "17", "email": "bob@example.org", "username": "bob", "ip_address": "8.8.8.8"}

    assert scrubbed({"user": user}) == {"user": {"id": "17"}}
    assert scrubbed({"user": user}, PII) == {"user": user}


def test_a_secret_of_the_user_goes_whatever_is_allowed():
    user = {"username": "bob password=hunter22x"}

    assert scrubbed({"user": user}, PII) == {
        "user": {"username": "bob password=[Filtered:password]"}
    }


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"request": {"url": "https://shop/login", "data": "a=1"}}, "request"),
        ({"request": {"data": "a=1"}, "transaction": "POST /login"}, "request"),
        (
            {"transaction": "POST /login", "extra": {"http.request.body": "a=1"}},
            "extra",
        ),
        (
            {"transaction": "POST /login", "contexts": {"otel": {"x": {"request_body": "a=1"}}}},
            "contexts",
        ),
    ],
)
def test_bodies_of_a_sign_in_go_even_where_personal_data_may_pass(event, place):
    assert "a=1" not in str(scrubbed(event, PII)[place])


def test_other_bodies_stay_where_personal_data_may_pass_without_their_secrets():
    event = {"request": {"url": "https://shop/items", "data": {"a": "1", "password": "x"}}}

    assert scrubbed(event, PII)["request"]["data"] == {"a": "1", "password": "[Filtered:password]"}
    assert "data" not in scrubbed(event)["request"]


@pytest.mark.parametrize(
    ("path", "event", "expected"),
    [
        ("message", {"message": "hi"}, {"message": "[Filtered:denied-path]"}),
        ("extra", {"extra": {"a": 1}, "level": "error"}, {"level": "error"}),
        ("contexts.device", {"contexts": {"device": {"a": 1}}}, {"contexts": {}}),
        (
            "exception.values.*.value",
            {"exception": {"values": [{"type": "E", "value": "hi"}]}},
            {"exception": {"values": [{"type": "E", "value": "[Filtered:denied-path]"}]}},
        ),
        ("tags.a", {"tags": {"a": "b"}}, {"tags": {"a": "[Filtered:denied-path]"}}),
        ("*.vars.x", {"a": {"vars": {"x": 5}}}, {"a": {"vars": {"x": "[Filtered:denied-path]"}}}),
    ],
)
def test_a_denied_path_takes_everything_that_stands_there(path, event, expected):
    assert scrubbed(event, Scrubber(ScrubOptions(deny_paths=(path,)))) == expected


def test_an_allowed_path_wins_over_a_denied_one():
    scrubber = Scrubber(ScrubOptions(deny_paths=("extra*",), allow_paths=("extra", "extra.a")))

    assert scrubbed({"extra": {"a": "x", "b": "y"}}, scrubber)["extra"] == {
        "a": "x",
        "b": "[Filtered:denied-path]",
    }


def test_meta_names_rule_and_range_under_the_path_of_the_text():
    clean, rules = SCRUBBER.event({"message": "é password=hunter22x"})

    assert clean["message"] == "é password=[Filtered:password]"
    assert clean["_meta"] == {
        "message": {"": {"rem": [["@password:filter", "s", 11, 30]], "len": 20}}
    }
    assert rules == {"password": 1}


def test_earlier_remarks_stay_and_their_secrets_go():
    remark = {"": {"rem": [["@password:filter", "s", 0, 5]], "val": "password=hunter22x"}}

    clean, _ = SCRUBBER.event({"_meta": {"extra": remark}, "message": "password=hunter22x"})

    assert clean["_meta"]["extra"][""]["rem"] == [["@password:filter", "s", 0, 5]]
    assert "hunter22x" not in str(clean)


def test_a_query_is_judged_by_its_names_however_short_the_value_is():
    request = {"url": "https://shop/x", "query_string": "a=1&user%5Bpin%5D=42&token=x"}

    assert scrubbed({"request": request})["request"]["query_string"] == (
        "a=1&user%5Bpin%5D=[Filtered:pin]&token=[Filtered:token]"
    )


@pytest.mark.parametrize(
    "event",
    [
        {"exception": "x"}, {"exception": {"values": 5}}, {"exception": [{"stacktrace": []}]},
        {"threads": None}, {"contexts": []}, {"contexts": {"trace": 5}}, {"user": "bob"},
        {"request": 5}, {"_meta": 7}, {"modules": []}, {"release": 7},
        {"stacktrace": {"frames": [None, 5, {"pre_context": [1, "a"], "vars": None}]}},
    ],
)  # fmt: skip
def test_an_event_of_another_shape_is_no_error(event):
    assert SCRUBBER.event(event)[0] is not None


def test_a_dry_run_reports_and_changes_nothing():
    event = {"message": "password=hunter22x"}

    clean, rules = Scrubber(ScrubOptions(dry_run=True)).event(event)

    assert clean is event
    assert rules == {"password": 1}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"sdk": {"password": "hunter22"}}, {"tags": {"password": "hunter22"}}),
        ({"modules": {"api_key": "2.5"}}, {"extra": {"api_key": "2.5"}}),
        (
            {"exception": {"values": [{"mechanism": {"data": "x"}}]}},
            {"request": {"data": {"data": "x"}}},
        ),
    ],
)
def test_what_may_stay_in_one_place_may_not_in_another(here, there):
    scrubber = Scrubber()

    for _ in range(3):
        assert scrubbed(here, scrubber) == here
        assert scrubbed(there, scrubber) != there


@pytest.mark.parametrize("odd", [b"bytes", {"a"}, (1, 2), float("nan"), {7: "seven"}, "\ud800"])
def test_a_part_that_json_cannot_tell_from_another_is_looked_at(odd):
    scrubber = Scrubber()
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8"

    for value in (odd, secret, {"x": odd, "y": secret}) * 2:
        event = {
            "contexts": {"app": {"note": value}, "otel": {"resource": {"note": value}}},
            "exception": {"values": [{"stacktrace": {"frames": [{"vars": {"x": value}}]}}]},
        }
        assert secret not in str(scrubbed(event, scrubber))


def test_the_event_that_is_scrubbed_stays_as_it_was():
    event = {
        "tags": {"password": "hunter22"},
        "contexts": {"app": {"http.request.body": "x"}, "otel": {"resource": {"token": "y" * 9}}},
    }
    before = copy.deepcopy(event)

    assert scrubbed(event) != before
    assert event == before


@pytest.mark.parametrize("number", [4_111_111_111_111_111, 378_282_246_310_005])
def test_a_number_is_looked_at_wherever_it_stands(number):
    scrubber = Scrubber()
    for place in ("tags", "extra"):
        for value in (17, number):
            clean = scrubbed({place: {"order": value, "note": "x"}}, scrubber)
            assert (str(number) in str(clean)) is False


def test_a_number_under_a_sensitive_name_goes():
    scrubber = Scrubber()
    for _ in range(3):
        clean = scrubbed({"tags": {"note": "fine", "password": 12345}}, scrubber)
        assert "12345" not in str(clean)

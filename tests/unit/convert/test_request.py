import pytest

from tests.unit.convert.telemetry import event_of, exception, make_entry, make_span

OLD = {
    "http__request__method": "",
    "http__method": "POST",
    "http__scheme": "https",
    "http__target": "/orders/7?page=2#top",
    "http__host": "shop.example",
    "http__user_agent": "curl/8",
}
NEW = {
    "http__request__method": "POST",
    "url__scheme": "https",
    "server__address": "shop.example",
    "server__port": 8443,
    "url__path": "/orders/7",
    "url__query": "page=2",
    "user_agent__original": "curl/8",
}


def request_of(**facts):
    return event_of(make_entry(1, exception(), **facts)).get("request")


@pytest.mark.parametrize(
    ("facts", "url"),
    [(OLD, "https://shop.example/orders/7"), (NEW, "https://shop.example:8443/orders/7")],
    ids=["old names", "new names"],
)
def test_old_and_new_names_make_the_same_request(facts, url):
    assert request_of(**facts) == {
        "url": url,
        "method": "POST",
        "query_string": "page=2",
        "headers": {"User-Agent": "curl/8"},
    }


@pytest.mark.parametrize(
    ("facts", "url"),
    [
        ({"url__full": "http://h/a?b=c#d"}, "http://h/a"),
        ({"url__path": "/a"}, "/a"),
        ({"url__path": "/a", "server__address": "h", "server__port": 80}, "http://h/a"),
        ({"url__path": "/a", "net__host__name": "h", "net__host__port": 81}, "http://h:81/a"),
        ({"url__path": "/a", "http__host": "h:82", "server__port": 82}, "http://h:82/a"),
    ],
)
def test_the_url_has_no_query(facts, url):
    assert request_of(**facts)["url"] == url


def test_headers_that_name_people_need_consent():
    facts = {
        "http__request__header__cookie": ["a=b"],
        "http__request__header__x_request_id": ["7", "8"],
        "client__address": "192.0.2.7",
    }

    assert request_of(**facts)["headers"] == {"X-Request-Id": "7, 8"}
    event = event_of(make_entry(1, exception(), **facts), send_default_pii=True)
    assert event["request"]["headers"] == {"Cookie": "a=b", "X-Request-Id": "7, 8"}
    assert event["request"]["env"] == {"REMOTE_ADDR": "192.0.2.7"}


def test_a_job_has_no_request():
    event = event_of(make_span(1, exception(), name="nightly"))

    assert "request" not in event
    assert event["transaction"] == "nightly"


def test_the_request_is_the_one_that_was_served_not_one_that_was_made():
    call = make_span(2, exception(), parent=1, kind=3, http__url="http://elsewhere/x")

    assert request_of()["method"] == "GET"
    assert event_of(call, make_entry(1, url__path="/mine"))["request"]["url"] == "/mine"


def test_the_user_is_known_by_id_and_by_name_with_consent():
    facts = {"user__id": "42", "user__email": "a@example.org", "client__address": "192.0.2.7"}
    entry = make_entry(1, exception(), **facts)

    assert event_of(entry)["user"] == {"id": "42"}
    assert event_of(entry, send_default_pii=True)["user"] == {
        "id": "42",
        "email": "a@example.org",
        "ip_address": "192.0.2.7",
    }


def test_the_user_may_be_on_any_span():
    inner = make_span(2, exception(), parent=1, enduser__id="43")

    assert event_of(inner, make_entry(1))["user"] == {"id": "43"}

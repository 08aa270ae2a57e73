"""Cookie headers, each cookie on its own."""

import pytest

from otel_bridge.scrub.find.cookies import MAX_COOKIES, values_of
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber


def names_and_values(header):
    return [(name, header[start:end]) for name, start, end in values_of(header)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"a=1; b=2", [(b"a", b"1"), (b"b", b"2")]),
        (b"a=1;b=2 ;  c=3 ", [(b"a", b"1"), (b"b", b"2"), (b"c", b"3")]),
        (b'a="x y"; b=2', [(b"a", b'"x y"'), (b"b", b"2")]),
        (b"sid=x; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly", [(b"sid", b"x")]),
        (b"a=b=c; d=", [(b"a", b"b=c")]),
        (b"", []),
        (b"no cookie at all", []),
    ],
)
def test_names_and_values_are_told_apart(header, expected):
    assert names_and_values(header) == expected


def test_what_comes_behind_very_many_is_one_value():
    header = b"; ".join(b"a%d=x" % number for number in range(MAX_COOKIES + 50))

    found = values_of(header)

    assert len(found) == MAX_COOKIES + 1
    assert found[-1][2] == len(header)


def test_every_cookie_goes_and_names_and_attributes_stay():
    value = {
        "http.request.header.cookie": "sid=abc; theme=dark",
        "set-cookie": "sid=abc; Path=/; Secure",
    }

    assert Scrubber().value(value)[0] == {
        "http.request.header.cookie": "sid=[Filtered:cookie]; theme=[Filtered:cookie]",
        "set-cookie": "sid=[Filtered:cookie]; Path=/; Secure",
    }


def test_where_personal_data_may_pass_only_credentials_go():
    scrubber = Scrubber(ScrubOptions(send_default_pii=True))
    value = {"cookie": "session_token=abc; theme=dark; x=4f9aK2mPq7Zt1xWv8Lb3"}

    assert scrubber.value(value)[0] == {
        "cookie": "session_token=[Filtered:cookie]; theme=dark; x=[Filtered:cookie]"
    }


def test_a_header_in_another_shape_goes_as_a_whole():
    assert Scrubber().value({"cookie": "what is this"})[0] == {"cookie": "[Filtered:cookie]"}


@pytest.mark.parametrize(
    "header", ["sid=s3cret1; a=x", "sid=s3cret1; Path=/; Secure", "sid=s3cret1;"]
)
def test_a_header_whose_values_were_dropped_stays_as_it_is(header):
    scrubber = Scrubber(ScrubOptions(style="drop"))
    once, _ = scrubber.value({"cookie": header, "set-cookie": [header]})
    twice, findings = scrubber.value(once)

    assert "s3cret1" not in str(once)
    assert twice == once
    assert once["cookie"].startswith("sid=")
    assert not findings


@pytest.mark.parametrize("header", ["path=s3cret1", "s3cret1", "Secure; s3cret1"])
def test_a_header_without_a_cookie_that_can_be_read_goes_as_a_whole(header):
    assert Scrubber().value({"cookie": header})[0] == {"cookie": "[Filtered:cookie]"}


@pytest.mark.parametrize(
    "header",
    [
        "a=1; bare; sid=s3cret1",
        "a=1; s3cret1",
        "a=; s3cret1",
        "a=1; =s3cret1; b=2",
        "a=1; HttpOnly; b=s3cret1",
        "a=1; Secure, sid=s3cret1; Path=/",
        "a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT, sid=s3cret1; HttpOnly",
        'a=x"y; b=s3cret1',
        "a=1; x'y=s3cret1; d=s3cret1",
        "a=1; b c=s3cret1",
        'a="1"s3cret1; b=2',
    ],
)
def test_what_stands_behind_an_odd_cookie_goes_too(header):
    for style in ("marker", "drop"):
        scrubber = Scrubber(ScrubOptions(style=style))
        out = scrubber.value({"cookie": header})[0]

        assert "s3cret1" not in str(out)
        assert "a=" in out["cookie"]
        assert scrubber.value(out)[0] == out


def test_attributes_of_a_cookie_stay():
    header = "a=s3cret1; Path=/x; Secure; Expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly"

    assert Scrubber().value({"set-cookie": header})[0]["set-cookie"] == header.replace(
        "s3cret1", "[Filtered:cookie]"
    )

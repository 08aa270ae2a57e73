import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.send.dsn import Dsn

KEY = "a" * 32


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"https://{KEY}@o42.ingest.sentry.io/7", "https://o42.ingest.sentry.io/api/7/envelope/"),
        (f"http://{KEY}@127.0.0.1:8000/1", "http://127.0.0.1:8000/api/1/envelope/"),
        (f"https://{KEY}@host/some/prefix/3", "https://host/some/prefix/api/3/envelope/"),
        (f"https://{KEY}@host/3/", "https://host/api/3/envelope/"),
        (f" https://{KEY}@host/3\n", "https://host/api/3/envelope/"),
        (f"https://{KEY}@[::1]:9000/3", "https://[::1]:9000/api/3/envelope/"),
    ],
)
def test_a_dsn_says_where_envelopes_go(text, url):
    assert Dsn.parse(text).envelope_url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "ftp://hunter2@host/1",
        "https://host/1",
        "https://@host/1",
        "https://hunter2@/1",
        "https://hunter2@host",
        "https://hunter2@host/",
        "https://hunter2@host/abc",
        "https://hunter2@host/1x",
        "https://hunter2@host:99999/1",
        "https://hunter2@host:port/1",
        "https://hunter2@[host/1",
        "https://hun ter2@host/1",
        "https://hunter2:sec,ret@host/1",
        "https://hunter2@host:0/1",
        "https://hunter2@höst/1",
    ],
)
def test_a_wrong_dsn_is_refused_in_one_line_that_shows_nothing_of_it(text):
    with pytest.raises(ConfigError) as caught:
        Dsn.parse(text)

    message = str(caught.value)
    assert message.startswith("dsn: ")
    assert "\n" not in message
    assert "hun" not in message
    assert "sec,ret" not in message


def test_printing_a_dsn_shows_no_key():
    dsn = Dsn.parse(f"https://{KEY}:{'b' * 32}@host/1")

    shown = f"{dsn} {dsn!r}"

    assert KEY not in shown
    assert "b" * 32 not in shown
    assert "host" in shown


def test_the_auth_header_names_key_version_and_client():
    header = Dsn.parse(f"https://{KEY}@host/1").auth_header("me/1.0")

    assert header == f"Sentry sentry_key={KEY}, sentry_version=7, sentry_client=me/1.0"


def test_a_secret_key_goes_into_the_header_and_not_into_the_envelope():
    dsn = Dsn.parse(f"https://{KEY}:{'b' * 32}@host/1")

    assert dsn.auth_header("me/1.0").endswith(f", sentry_secret={'b' * 32}")
    assert dsn.public_text == f"https://{KEY}@host/1"


@pytest.mark.parametrize(
    ("host", "org_id"),
    [("o42.ingest.sentry.io", "42"), ("other.example.org", ""), ("o.example.org", "")],
)
def test_the_organisation_is_read_from_the_host(host, org_id):
    assert Dsn.parse(f"https://{KEY}@{host}/1").org_id == org_id

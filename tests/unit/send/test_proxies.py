import pytest

from otel_bridge.send.proxies import Proxies

ENVIRON = {"HTTP_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:2"}


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, "http://host/", ""),
        (ENVIRON, "http://host/", "http://p:1"),
        (ENVIRON, "https://host/", "http://p:2"),
        (ENVIRON | {"http_proxy": "http://q:1"}, "http://host/", "http://q:1"),
        (ENVIRON | {"REQUEST_METHOD": "GET"}, "http://host/", ""),
        ({"ALL_PROXY": "p:3"}, "https://host/", "http://p:3"),
        (ENVIRON | {"NO_PROXY": "*"}, "http://host/", ""),
        (ENVIRON | {"NO_PROXY": "other, host"}, "http://host/", ""),
        (ENVIRON | {"NO_PROXY": "host"}, "http://a.host/", ""),
        (ENVIRON | {"NO_PROXY": ".host"}, "http://a.host/", ""),
        (ENVIRON | {"NO_PROXY": "*.host"}, "http://a.host/", ""),
        (ENVIRON | {"NO_PROXY": "host"}, "http://ghost/", "http://p:1"),
        (ENVIRON | {"NO_PROXY": "HOST"}, "http://Host./", ""),
        (ENVIRON | {"NO_PROXY": "host:80"}, "http://host/", ""),
        (ENVIRON | {"NO_PROXY": "host:8080"}, "http://host/", "http://p:1"),
        (ENVIRON | {"NO_PROXY": "10.0.0.0/8"}, "http://10.1.2.3/", ""),
        (ENVIRON | {"NO_PROXY": "10.0.0.0/8"}, "http://11.1.2.3/", "http://p:1"),
        (ENVIRON | {"NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:9/", ""),
        (ENVIRON | {"NO_PROXY": "::1"}, "http://[::1]:9/", ""),
    ],
)
def test_the_environment_says_which_proxy_leads_where(environ, url, proxy):
    assert Proxies.from_environment(environ).proxy_for(url) == proxy


def test_a_proxys_password_is_not_shown():
    assert "secret" not in repr(Proxies(http="http://me:secret@p:1", https="http://me:secret@p"))

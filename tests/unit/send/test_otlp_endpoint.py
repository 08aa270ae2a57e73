from pathlib import Path

import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp_endpoint import OtlpEndpoint, otlp_from_environment


def read(**variables):
    environ = {f"OTEL_EXPORTER_OTLP_{name}": value for name, value in variables.items()}
    return otlp_from_environment(environ)


def test_a_base_url_gets_the_path_of_each_signal():
    endpoint = OtlpEndpoint.from_base("http://host:4318/otlp/", SendOptions(timeout_s=3))

    assert endpoint.traces_url == "http://host:4318/otlp/v1/traces"
    assert endpoint.logs_url == "http://host:4318/otlp/v1/logs"
    assert endpoint.timeout_s == 3


@pytest.mark.parametrize(
    "url", ["", "host", "ftp://host", "http://", "http://host:port", "http://[::1"]
)
def test_what_is_no_url_is_refused_without_being_shown(url):
    with pytest.raises(ConfigError, match="otlp_endpoint: not a URL") as caught:
        OtlpEndpoint.from_base(url, SendOptions())

    assert "port" not in str(caught.value).replace("PORT", "")


def test_grpc_needs_no_scheme():
    endpoint = OtlpEndpoint.from_base("host:4317", SendOptions(otlp_protocol="grpc"))

    assert endpoint.traces_url == "host:4317"


def test_nothing_is_sent_without_an_endpoint():
    assert read(TIMEOUT="5000").endpoints == ()


def test_the_common_variables_make_one_endpoint_for_all_signals():
    (endpoint,) = read(
        ENDPOINT="https://host:4318/",
        HEADERS="api-key=a%20b, x=1",
        TIMEOUT="5000",
        COMPRESSION="none",
        CERTIFICATE="/ca.pem",
        CLIENT_CERTIFICATE="/cert.pem",
        CLIENT_KEY="/key.pem",
    ).endpoints

    assert endpoint == OtlpEndpoint(
        traces_url="https://host:4318/v1/traces",
        logs_url="https://host:4318/v1/logs",
        protocol="http/protobuf",
        headers=(("api-key", "a b"), ("x", "1")),
        compression="none",
        timeout_s=5.0,
        ca_file=Path("/ca.pem"),
        client_cert_file=Path("/cert.pem"),
        client_key_file=Path("/key.pem"),
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host:4318", "gzip"),
        ("http://10.0.0.127:4318", "gzip"),
        ("http://localhost:4318", "none"),
        ("http://127.0.0.1:4318", "none"),
        ("http://[::1]:4318", "none"),
    ],
)
def test_nothing_is_compressed_for_a_receiver_on_this_machine(url, expected):
    (endpoint,) = read(ENDPOINT=url).endpoints
    (wanted,) = read(ENDPOINT=url, COMPRESSION="gzip").endpoints

    assert endpoint.applied_to(SendOptions()).otlp_compression == expected
    assert wanted.applied_to(SendOptions()).otlp_compression == "gzip"


def test_a_grpc_receiver_on_this_machine_may_be_named_without_a_scheme():
    options = SendOptions(otlp_protocol="grpc")

    assert OtlpEndpoint.from_base("localhost:4317", options).is_local
    assert not OtlpEndpoint.from_base("collector:4317", options).is_local
    assert not OtlpEndpoint.from_base("http://127.example.com:4318", options).is_local
    assert OtlpEndpoint(traces_url="http://[::1]:4318/v1/traces").is_local
    assert not OtlpEndpoint(
        traces_url="http://127.0.0.1/v1/traces", logs_url="http://logs.example.com/v1/logs"
    ).is_local


def test_a_signals_own_url_is_taken_as_it_is():
    (endpoint,) = read(TRACES_ENDPOINT="http://host:4318/custom").endpoints

    assert endpoint.traces_url == "http://host:4318/custom"
    assert endpoint.logs_url == ""


def test_signals_that_differ_have_an_endpoint_each():
    traces, logs = read(
        ENDPOINT="http://a:1", LOGS_ENDPOINT="http://b:2/logs", LOGS_HEADERS="k=v"
    ).endpoints

    assert (traces.traces_url, traces.headers) == ("http://a:1/v1/traces", ())
    assert (logs.logs_url, logs.headers) == ("http://b:2/logs", (("k", "v"),))


def test_signals_with_urls_of_their_own_and_nothing_else_share_an_endpoint():
    (endpoint,) = read(TRACES_ENDPOINT="http://a:1/t", LOGS_ENDPOINT="http://a:1/l").endpoints

    assert (endpoint.traces_url, endpoint.logs_url) == ("http://a:1/t", "http://a:1/l")


@pytest.mark.parametrize(
    ("endpoint", "insecure", "url"),
    [
        ("host:4317", "", "https://host:4317"),
        ("host:4317", "true", "http://host:4317"),
        ("http://host:4317", "", "http://host:4317"),
        ("https://host:4317", "true", "https://host:4317"),
    ],
)
def test_insecure_matters_only_to_grpc_without_a_scheme(endpoint, insecure, url):
    (found,) = read(ENDPOINT=endpoint, PROTOCOL="grpc", INSECURE=insecure).endpoints

    assert found.traces_url == url
    assert found.logs_url == url


def test_a_timeout_that_looks_like_seconds_is_noted():
    found = read(ENDPOINT="http://host:4318", TIMEOUT="10")

    assert found.endpoints[0].timeout_s == 0.01
    assert found.notes == (
        "OTEL_EXPORTER_OTLP_TIMEOUT: 10 is milliseconds, as the specification says; "
        "the stock Python exporter would read seconds",
    )


def test_http_on_the_port_of_grpc_is_noted():
    assert "usually gRPC" in read(ENDPOINT="http://host:4317").notes[0]


@pytest.mark.parametrize(
    ("endpoint", "protocol", "url"),
    [
        ("http://host:4318", "http/protobuf", "http://host:4318/v1/traces"),
        ("https://host/otlp", "http/protobuf", "https://host/otlp/v1/traces"),
        ("http://host:4317", "grpc", "http://host:4317"),
        ("http://host:9000/", "grpc", "http://host:9000/"),
        ("host:4317", "grpc", "https://host:4317"),
    ],
)
def test_grpc_as_the_distro_sets_it_does_not_spoil_an_address_of_http(endpoint, protocol, url):
    (found,) = read(ENDPOINT=endpoint, PROTOCOL="grpc").endpoints

    assert (found.protocol, found.traces_url) == (protocol, url)


def test_everything_that_is_wrong_is_told_at_once_and_once():
    with pytest.raises(ConfigError) as caught:
        read(
            ENDPOINT="ftp://host",
            PROTOCOL="http/json",
            COMPRESSION="zstd",
            TIMEOUT="5s",
            HEADERS="secret",
        )

    assert caught.value.problems == (
        "OTEL_EXPORTER_OTLP_PROTOCOL: found 'http/json'; wanted http/protobuf or grpc",
        "OTEL_EXPORTER_OTLP_COMPRESSION: found 'zstd'; wanted gzip or none",
        "OTEL_EXPORTER_OTLP_ENDPOINT: not a URL; wanted http(s)://HOST:PORT",
    )

    with pytest.raises(ConfigError) as caught:
        read(ENDPOINT="http://host", TIMEOUT="5s", HEADERS="secret")

    assert caught.value.problems == (
        "OTEL_EXPORTER_OTLP_HEADERS: wanted name=value,name=value",
        "OTEL_EXPORTER_OTLP_TIMEOUT: found '5s'; wanted milliseconds, at least 1",
    )

"""Certificates: whom we trust, and who we are."""

import shutil
import ssl
import subprocess
from pathlib import Path

import grpc
import pytest

from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.proxies import Proxies
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeProxy, FakeServer
from otel_bridge.testing.grpc_server import FakeGrpcServer
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates")
BATCH = Batch(
    Signal.TRACES,
    [ResourceGroup(b"", [ScopeGroup(b"", [SpanRecord(b"", b"", b"", 0, 1, 0, 0, 0, b"")])])],
)


class Certificates:
    """An authority of the test's own, a server and a client that it vouches for."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = self.make("authority", "/CN=test authority")
        self.server = self.make("server", "/CN=localhost", signed=True)
        self.client = self.make("client", "/CN=client", signed=True)

    def make(self, name, subject, *, signed=False):
        command = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            f"-keyout {name}.key -out {name}.pem -subj"
        ).split()
        command += [subject]
        if signed:
            command += ["-CA", "authority.pem", "-CAkey", "authority.key"]
            command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            command += ["-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return self.folder / f"{name}.pem"

    def context(self, *, wants_client=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server, self.server.with_suffix(".key"))
        if wants_client:
            context.load_verify_locations(self.authority)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def grpc_credentials(self):
        return grpc.ssl_server_credentials(
            [(self.server.with_suffix(".key").read_bytes(), self.server.read_bytes())],
            root_certificates=self.authority.read_bytes(),
            require_client_auth=True,
        )


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


def deliver(server, **options):
    stats = Stats()
    options = SendOptions(timeout_s=2.0, retry=RetryOptions(initial_s=0.05), **options)
    destination = SentryDestination(Dsn.parse(server.dsn), None, options, stats)
    destination.offer({"event_id": "f" * 32})
    done = destination.shutdown(1.0)
    return done, stats.snapshot()["error"]


def test_a_server_is_trusted_when_the_named_authority_vouches_for_it(certificates):
    with FakeServer(tls=certificates.context()) as server:
        done, _ = deliver(server, ca_file=certificates.authority)

    assert done
    assert len(server.events) == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(certificates):
    with FakeServer(tls=certificates.context()) as server:
        done, counts = deliver(server)

    assert not done
    assert server.seen == []
    assert counts == {"received": 0, "expired:shutdown": 1}


def test_a_server_that_wants_a_certificate_gets_it(certificates):
    with FakeServer(tls=certificates.context(wants_client=True)) as server:
        without, _ = deliver(server, ca_file=certificates.authority)
        done, _ = deliver(
            server,
            ca_file=certificates.authority,
            client_cert_file=certificates.client,
            client_key_file=certificates.client.with_suffix(".key"),
        )

    assert not without
    assert done


@pytest.mark.parametrize("proxy_speaks_tls", [False, True], ids=["http proxy", "https proxy"])
def test_tls_goes_through_a_proxy_that_wants_a_login(proxy_speaks_tls, certificates):
    tls = certificates.context() if proxy_speaks_tls else None
    with (
        FakeServer(tls=certificates.context()) as server,
        FakeProxy("user:pass", tls) as proxy,
    ):
        done, _ = deliver(server, ca_file=certificates.authority, proxies=Proxies(https=proxy.url))

    assert done
    assert len(server.events) == 1
    assert proxy.asked == [("CONNECT", f"127.0.0.1:{server.port}", 200)]


@pytest.mark.parametrize(
    ("login", "reason"), [("user:wrong", 407), ("", 407)], ids=["wrong", "none"]
)
def test_a_proxy_that_lets_nobody_through_is_an_outage(login, reason, certificates):
    with FakeServer(tls=certificates.context()) as server, FakeProxy("user:pass") as proxy:
        url = proxy.url.replace("user:pass@", f"{login}@" if login else "")
        done, counts = deliver(server, ca_file=certificates.authority, proxies=Proxies(https=url))

    assert not done
    assert counts == {"received": 0, "expired:shutdown": 1}
    assert server.seen == []
    assert {asked.status for asked in proxy.asked} == {reason}


@pytest.mark.parametrize("with_client", [False, True], ids=["without", "with a certificate"])
def test_grpc_takes_the_same_files(with_client, certificates):
    stats = Stats()
    client: dict[str, Path] = {}
    if with_client:
        client["client_cert_file"] = certificates.client
        client["client_key_file"] = certificates.client.with_suffix(".key")
    options = SendOptions(otlp_protocol="grpc", ca_file=certificates.authority, **client)
    with FakeGrpcServer(certificates.grpc_credentials()) as server:
        destination = OtlpDestination(server.url, None, options, stats)
        destination.offer(BATCH)
        done = destination.shutdown(2.0)

    assert done == with_client
    assert len(server.spans) == int(with_client)

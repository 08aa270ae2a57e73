"""Fixtures that start real servers; what is missing is skipped, or fails where it is required."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.servers import bugsink as bugsink_server, collector as collector_server
from tests.e2e.servers.app import App
from tests.e2e.servers.bugsink import Bugsink
from tests.e2e.servers.collector import Collector
from tests.e2e.servers.component import MissingComponentError
from tests.e2e.servers.process import ServerProcess, running

_HERE = Path(__file__).parent
_TIMEOUT = 120  # seconds for one test and its servers; components are prepared before the tests

# A component, and the fixtures that need it.
_COMPONENTS: dict[str, tuple[Callable[[], object], frozenset[str]]] = {
    "bugsink": (bugsink_server.prepare, frozenset({"bugsink", "start_bugsink"})),
    "collector": (
        collector_server.prepare,
        frozenset({"collector", "start_collector", "collector_binary"}),
    ),
}
_missing = pytest.StashKey[dict[str, str]]()


@pytest.hookimpl(tryfirst=True)  # before `-m` selects by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(_TIMEOUT))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Install and build what the selected tests need, outside of any test's time limit."""
    session.config.stash[_missing] = {}
    if session.config.option.collectonly:
        return
    used = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    for component, (prepare, fixtures) in _COMPONENTS.items():
        if used & fixtures:
            _prepare(session.config, component, prepare)


def _prepare(config: pytest.Config, component: str, prepare: Callable[[], object]) -> None:
    tell = config.pluginmanager.get_plugin("terminalreporter").write
    tell(f"preparing {component} (minutes on first use) ... ", flush=True)
    started = time.monotonic()
    try:
        prepare()
    except MissingComponentError as reason:
        config.stash[_missing][component] = str(reason)
        tell("missing\n")
    else:
        tell(f"ready after {time.monotonic() - started:.0f} s\n")


def _require(config: pytest.Config, component: str) -> None:
    """Skip with one sentence; fail with the same where components are required."""
    reason = config.stash[_missing].get(component)
    if reason is None:
        return
    if os.environ.get("OTEL_BRIDGE_REQUIRE_COMPONENTS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator:
    """Show, with a failure, where each server's log is and how it ends."""
    report = yield
    if report.failed and _HERE in item.path.parents:
        for server in running:
            report.sections.append((f"{server.name}: {server.log_path}", server.log_tail()))
    return report


@pytest.fixture
def keep() -> Iterator[Callable[[ServerProcess], ServerProcess]]:
    """Start a server and have it killed when the test ends, however it ends."""
    servers: list[ServerProcess] = []

    def start(server: ServerProcess) -> ServerProcess:
        servers.append(server)
        server.start()
        return server

    yield start
    _kill(servers)


def _kill(servers: list[ServerProcess]) -> None:
    for server in reversed(servers):
        if server.started:
            server.kill()


@pytest.fixture(scope="module")
def bugsink(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bugsink]:
    """One Bugsink for the tests of a module; they tell their events apart themselves."""
    _require(request.config, "bugsink")
    server = Bugsink(tmp_path_factory.mktemp("bugsink"))
    server.start()
    yield server
    _kill([server])


@pytest.fixture
def start_bugsink(
    request: pytest.FixtureRequest, tmp_path: Path, keep: Callable
) -> Callable[..., Bugsink]:
    """`start_bugsink(events_per_5_minutes=3)`: a Bugsink of the test's own."""
    _require(request.config, "bugsink")

    def start(**options) -> Bugsink:
        number = len(list(tmp_path.glob("bugsink-*")))
        return keep(Bugsink(tmp_path / f"bugsink-{number}", **options))

    return start


@pytest.fixture(scope="module")
def collector(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collector]:
    """One Collector for the tests of a module, running `collector-config/local.yaml`."""
    _require(request.config, "collector")
    server = Collector(["local.yaml"], tmp_path_factory.mktemp("collector"))
    server.start()
    yield server
    _kill([server])


@pytest.fixture
def start_collector(
    request: pytest.FixtureRequest, tmp_path: Path, keep: Callable
) -> Callable[..., Collector]:
    """`start_collector("gateway.yaml", environ={...}, name="one")`: one of the test's own."""
    _require(request.config, "collector")

    def start(*configs: Path | str, name: str = "collector", **options) -> Collector:
        return keep(Collector(configs or ["local.yaml"], tmp_path / name, name=name, **options))

    return start


@pytest.fixture(scope="module")
def collector_binary(request: pytest.FixtureRequest) -> Path:
    """The Collector's executable, for commands such as `validate`."""
    _require(request.config, "collector")
    return collector_server.prepare()


@pytest.fixture
def start_app(tmp_path: Path, keep: Callable) -> Callable[..., App]:
    """`start_app(script, environ={...})`: the ASGI application `app` in that file, by uvicorn."""

    def start(script: Path, *, name: str = "app", **options) -> App:
        return keep(App.uvicorn(script, tmp_path / name, name=name, **options))

    return start

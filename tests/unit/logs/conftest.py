import pytest
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.logs.correlation import CORRELATION
from otel_bridge.logs.known_errors import KnownErrors


@pytest.fixture
def tracer():
    return TracerProvider(shutdown_on_exit=False).get_tracer("test")


@pytest.fixture(autouse=True)
def _nothing_known():
    """The process has one memory of errors; each test begins with an empty one."""
    CORRELATION.known_errors = KnownErrors()
    yield
    CORRELATION.known_errors = KnownErrors()

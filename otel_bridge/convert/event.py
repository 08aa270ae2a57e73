"""The Sentry event: what one failure looks like on the wire of an error tracker.

Field names and limits are those of the event payload documentation
(https://develop.sentry.dev/sdk/foundations/data-model/event-payloads/). What is unset is left out.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, field


class Frame(Struct, omit_defaults=True):
    """One call on the stack."""

    filename: str | None = None
    abs_path: str | None = None
    module: str | None = None
    function: str | None = None
    package: str | None = None
    lineno: int | None = None
    colno: int | None = None
    in_app: bool | None = None
    pre_context: list[str] | None = None
    context_line: str | None = None
    post_context: list[str] | None = None
    vars: dict[str, str] | None = None
    """Local variables as their ``repr``."""


class Stacktrace(Struct, omit_defaults=True):
    """Calls, the outermost first, the one that failed last."""

    frames: list[Frame]


class Mechanism(Struct, omit_defaults=True):
    """How the failure came to be known."""

    type: str
    handled: bool | None = None
    source: str | None = None
    """Where in its parent this exception was found: ``__cause__``, ``exceptions[0]``."""
    exception_id: int | None = None
    parent_id: int | None = None
    is_exception_group: bool | None = None
    synthetic: bool | None = None
    data: dict[str, Any] | None = None
    meta: dict[str, Any] | None = None


class ExceptionValue(Struct, omit_defaults=True):
    """One exception of a chain."""

    type: str | None = None
    value: str | None = None
    module: str | None = None
    mechanism: Mechanism | None = None
    stacktrace: Stacktrace | None = None


class Exceptions(Struct):
    """A chain of exceptions: the oldest cause first, the one that was thrown last."""

    values: list[ExceptionValue]


class Breadcrumb(Struct, omit_defaults=True):
    """Something that happened before."""

    timestamp: float
    message: str | None = None
    category: str | None = None
    level: str | None = None
    type: str | None = None
    data: dict[str, Any] | None = None


class Breadcrumbs(Struct):
    """What happened before, the oldest first."""

    values: list[Breadcrumb]


class Request(Struct, omit_defaults=True):
    """The HTTP request that failed."""

    url: str | None = None
    method: str | None = None
    query_string: str | None = None
    headers: dict[str, str] | None = None
    cookies: str | None = None
    env: dict[str, str] | None = None


class User(Struct, omit_defaults=True):
    """Whom it happened to."""

    id: str | None = None
    email: str | None = None
    username: str | None = None
    name: str | None = None
    ip_address: str | None = None


class TraceContext(Struct, omit_defaults=True):
    """The place of the failure in its trace."""

    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    op: str | None = None
    status: str | None = None
    description: str | None = None
    type: str | None = None


class LogEntry(Struct, omit_defaults=True):
    """A message without an exception."""

    message: str | None = None
    formatted: str | None = None


class Sdk(Struct):
    """Who made the event."""

    name: str
    version: str


class ErrorEvent(Struct, omit_defaults=True):
    """One failure."""

    event_id: str
    timestamp: float
    """Seconds since 1970-01-01 UTC."""
    platform: str
    level: str
    sdk: Sdk
    exception: Exceptions | None = None
    logentry: LogEntry | None = None
    transaction: str | None = None
    logger: str | None = None
    release: str | None = None
    dist: str | None = None
    environment: str | None = None
    server_name: str | None = None
    user: User | None = None
    request: Request | None = None
    tags: dict[str, str] = field(default_factory=dict)
    contexts: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    breadcrumbs: Breadcrumbs | None = None
    fingerprint: list[str] | None = None
    modules: Mapping[str, str] | None = None
    meta: dict[str, Any] = field(default_factory=dict, name="_meta")
    """Remarks of what was cut, in the tracker's own form."""


def to_plain(event: ErrorEvent) -> dict[str, Any]:
    """Return the event as plain JSON types: new containers, nothing shared with ``event``."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    return plain

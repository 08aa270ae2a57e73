"""Which deployment an event comes from: release, environment, build, host, and their precedence.

What the options say wins, then what the resource says, then what was found out at start.
"""

from otel_bridge.convert.contexts import resource_contexts
from otel_bridge.convert.facts import to_text
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.tags import resource_tags

_MAX_RELEASE = 200
_MAX_ENVIRONMENT = 64


class Origin:
    """What all events of one resource have in common, found once."""

    __slots__ = (
        "contexts",
        "dist",
        "environment",
        "language",
        "main_folder",
        "release",
        "server_name",
        "tags",
    )

    def __init__(self, resource: dict[str, object], options: ConvertOptions) -> None:
        self.release = release(resource, options)
        self.environment = environment(resource, options)
        self.dist = dist(options, self.release)
        self.server_name = server_name(resource, options)
        self.contexts = resource_contexts(resource)
        self.tags = resource_tags(resource)
        self.language = _first(resource, "telemetry.sdk.language")
        self.main_folder = _main_folder(resource)


def release(resource: dict[str, object], options: ConvertOptions) -> str | None:
    """Return the release: option, ``service.version``, revision of the code, what was found."""
    if options.release:
        return _valid_release(options.release)
    version = _first(resource, "service.version")
    name = _first(resource, "service.name")
    if version and name and options.release_names_service:
        version = f"{name}@{version}"
    revision = _first(resource, "vcs.ref.head.revision", "vcs.repository.ref.revision")
    for found in (version, revision, options.found_release):
        valid = _valid_release(found)
        if valid is not None:
            return valid
    return None


def environment(resource: dict[str, object], options: ConvertOptions) -> str:
    """Return the environment: option, resource, else ``production`` as the native SDK says."""
    for found in (
        options.environment,
        _first(resource, "deployment.environment.name", "deployment.environment"),
    ):
        valid = (found or "").strip()[:_MAX_ENVIRONMENT]
        if valid and valid.lower() != "none" and not any(mark in valid for mark in "\n\r\f/"):
            return valid
    return "production"


def dist(options: ConvertOptions, of_release: str | None) -> str | None:
    """Return the build; it means nothing without a release."""
    valid = options.dist and all(char.isalnum() or char in "_.-" for char in options.dist)
    return options.dist if valid and of_release else None


def server_name(resource: dict[str, object], options: ConvertOptions) -> str | None:
    """Return the host: option, resource, what was found at start."""
    return (
        options.server_name
        or _first(resource, "host.name", "k8s.pod.name")
        or options.found_server_name
        or _first(resource, "service.instance.id", "container.id")
    )


def _valid_release(found: str | None) -> str | None:
    """Return a release as the tracker takes it; it drops events' releases that break its rules."""
    if found is None:
        return None
    text = found.strip()[:_MAX_RELEASE]
    if not text or text in {".", ".."} or text.lower() == "latest":
        return None
    for mark in "\n\r\t/\\":
        text = text.replace(mark, "-")
    return text


def _first(resource: dict[str, object], *names: str) -> str | None:
    for name in names:
        value = resource.get(name)
        if value is not None and value != "":
            return to_text(value)
    return None


def _main_folder(resource: dict[str, object]) -> str | None:
    """Return the folder of the program that Node's resource names as its command."""
    command = resource.get("process.command")
    if not isinstance(command, str) or not (command.startswith("/") or command[1:3] == ":\\"):
        return None
    return command.replace("\\", "/").rpartition("/")[0] or None

"""The DSN: where a project takes error events, and the key that lets us in."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from otel_bridge.errors import ConfigError

_WANTED = "wanted http(s)://PUBLIC_KEY@HOST/PROJECT_ID"
_KEY_CHARACTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsn:
    """One project of one server. Printing it shows no key."""

    scheme: str
    public_key: str = field(repr=False)
    secret_key: str = field(repr=False, default="")
    host: str
    """Host and, where given, port, as in a URL."""
    path: str = ""
    """What stands before the project id, without a slash at the end."""
    project_id: str

    @classmethod
    def parse(cls, text: str) -> "Dsn":
        """Read a DSN.

        Raises:
            ConfigError: It is none. The message is one line and shows nothing of the text.
        """
        try:
            parts = urlsplit(text.strip())
            problem = _problem(parts)
        except ValueError:
            problem = "host or port is malformed"
        if problem:
            raise ConfigError([f"dsn: {problem}; {_WANTED}"])
        path, _, project_id = parts.path.rstrip("/").rpartition("/")
        return cls(
            scheme=parts.scheme,
            public_key=parts.username or "",
            secret_key=parts.password or "",
            host=parts.netloc.rpartition("@")[2],
            path=path,
            project_id=project_id,
        )

    @property
    def envelope_url(self) -> str:
        """Where envelopes are posted."""
        return f"{self.scheme}://{self.host}{self.path}/api/{self.project_id}/envelope/"

    @property
    def public_text(self) -> str:
        """The DSN as it goes into envelope headers: without the secret key."""
        return f"{self.scheme}://{self.public_key}@{self.host}{self.path}/{self.project_id}"

    @property
    def org_id(self) -> str:
        """The organisation's number, which the hosts of sentry.io begin with; empty elsewhere."""
        first = self.host.partition(".")[0]
        return first[1:] if first[:1] == "o" and first[1:].isdecimal() else ""

    def auth_header(self, client: str) -> str:
        """Return the value of ``X-Sentry-Auth``.

        Args:
            client: Name and version of the sender, ``name/1.2``.
        """
        secret = f", sentry_secret={self.secret_key}" if self.secret_key else ""
        key = f"sentry_key={self.public_key}, sentry_version=7, sentry_client={client}"
        return f"Sentry {key}{secret}"

    def __str__(self) -> str:
        """Return the DSN with its key masked."""
        return f"{self.scheme}://****@{self.host}{self.path}/{self.project_id}"


def _problem(parts: SplitResult) -> str:
    """Say what is wrong, without a word of what was found: any part of it may be a secret."""
    key = parts.username or ""
    project_id = parts.path.rstrip("/").rpartition("/")[2]
    if parts.scheme not in ("http", "https"):
        return "scheme is not http or https"
    if not key:
        return "public key before the @ is missing"
    if not _KEY_CHARACTERS.issuperset(key):
        return "public key has characters that no key has"
    if parts.password and not _KEY_CHARACTERS.issuperset(parts.password):
        return "secret key has characters that no key has"
    if not parts.hostname or not parts.netloc.isascii() or " " in parts.netloc:
        return "host is missing or malformed"
    if parts.port == 0:
        return "port is 0"
    if not (project_id.isascii() and project_id.isdecimal()):
        return "project id after the last slash is not a number"
    return ""

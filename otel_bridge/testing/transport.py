"""A transport that answers from a script and remembers what was posted."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from otel_bridge.send.transport import Reply, Unreachable


@dataclass(frozen=True, slots=True)
class Posted:
    """One request."""

    url: str
    body: bytes
    """As it came, perhaps compressed."""
    headers: Mapping[str, str]
    timeout: float

    @property
    def content(self) -> bytes:
        """The body without its compression."""
        return gzip.decompress(self.body) if self.body[:2] == b"\x1f\x8b" else self.body


Step = int | Reply | None
"""A status, a whole reply, or None for a server that cannot be reached."""


class ScriptedTransport:
    """Answers with a script, step by step.

    Args:
        script: The first answers.
        otherwise: Every answer after them, or a function that gives it.
    """

    def __init__(self, *script: Step, otherwise: Step | Callable[[Posted], Step] = 200) -> None:
        self._script = list(script)
        self._otherwise = otherwise
        self.posted: list[Posted] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Remember a request and answer with the next step.

        Raises:
            Unreachable: The step is ``None``.
        """
        posted = Posted(url, body, dict(headers), timeout)
        self.posted.append(posted)
        step = self._script.pop(0) if self._script else self._after_script(posted)
        if step is None:
            raise Unreachable("refused_connection")
        return Reply(step, {}, b"") if isinstance(step, int) else step

    def then(self, *script: Step) -> None:
        """Add steps to the end of the script."""
        self._script += script

    def after_fork_in_child(self) -> None:
        """Do nothing: there is no connection."""

    def _after_script(self, posted: Posted) -> Step:
        return self._otherwise(posted) if callable(self._otherwise) else self._otherwise

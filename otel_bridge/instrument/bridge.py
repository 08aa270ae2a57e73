"""The handle that users hold: start, flush, shut down, count.

Importing this is quick. What a bridge consists of takes some hundred milliseconds to import, which
is done when the first one starts.
"""

import logging
import os
import threading
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from otel_bridge.config.env import environment
from otel_bridge.instrument.lifecycle import watch

if TYPE_CHECKING:
    from otel_bridge.config.options import OptionArguments, Options
    from otel_bridge.instrument.engine import Engine
    from otel_bridge.instrument.front import Front, OwnProcessor
    from otel_bridge.instrument.live import LiveReader
    from otel_bridge.instrument.log_sink import BridgeLogs
    from otel_bridge.instrument.others import Others
    from otel_bridge.instrument.sampler import BridgeSampler

logger = logging.getLogger("otel_bridge")


class Bridge:
    """A running bridge: everything between ended spans and the places they go.

    Create it with ``otel_bridge.init`` or by constructing a ``BridgeSpanProcessor``. Any method
    may be called at any time, from any thread, more than once, and in a forked child.

    Args:
        options: The validated options.
        environ: The environment, for paths.
    """

    def __init__(self, options: "Options", environ: Mapping[str, str]) -> None:
        from otel_bridge.instrument.workings import Workings  # noqa: PLC0415  # see the module

        self.options = options
        self._workings = Workings(options, environ, lambda: self.engine)
        self._lock = threading.Lock()
        self._closed = False
        self._ended = threading.Event()
        self._enders: set[int] = set()
        self._arrived = False
        self._pid = os.getpid()
        self._engine: Engine = self._workings.build_engine()
        self._engine.start()
        self._workings.hook.install()
        _note(self)
        watch(self, sigterm=options.handle_sigterm)

    @classmethod
    def create(cls, **options: "Unpack[OptionArguments]") -> "Bridge":
        """Read options, environment and file, and start.

        Raises:
            ConfigError: Every problem with the options, at once.
        """
        from otel_bridge.config.delivery import otlp_endpoints  # noqa: PLC0415  # see the module
        from otel_bridge.config.load import load  # noqa: PLC0415  # as above

        environ = environment()
        loaded = load(options, environ).options
        for note in otlp_endpoints(loaded, environ).notes:
            logger.warning("%s", note)
        return cls(loaded, environ)

    @property
    def engine(self) -> "Engine":
        """The engine of the process that asks."""
        # The pid tells, also where a fork was made in C (uWSGI) and no Python hook ran.
        if os.getpid() != self._pid:
            self._rebuild()
        return self._engine

    @property
    def closed(self) -> bool:
        """Whether the bridge has been shut down."""
        return self._closed

    @property
    def patience_s(self) -> float:
        """How long a shutdown may take, in seconds: errors are kept after its time is over."""
        return self.options.shutdown_timeout + self._workings.overtime_s

    @property
    def is_ending_here(self) -> bool:
        """Whether this very thread is in the middle of ``shutdown``, and was interrupted."""
        return threading.get_ident() in self._enders

    def flush(self, timeout: float = 5.0) -> bool:
        """Deliver what has been captured so far.

        Args:
            timeout: Seconds to spend at the most.

        Returns:
            True only if all of it arrived in time.
        """
        return not self._closed and self.engine.flush(timeout)

    def shutdown(self, timeout: float | None = None) -> bool:
        """Flush and stop. Later spans are not taken; a second call waits for the first.

        Args:
            timeout: Seconds to spend at the most, but for what it takes to keep the errors that
                are left; the option ``shutdown_timeout`` by default.

        Returns:
            True only if everything arrived in time.
        """
        seconds = self.options.shutdown_timeout if timeout is None else timeout
        if self.is_ending_here:
            return False  # by a handler of a signal that came in the middle of this
        self._enders.add(threading.get_ident())
        try:
            return self._shut_down(seconds)
        finally:
            self._enders.discard(threading.get_ident())

    def _shut_down(self, seconds: float) -> bool:
        with self._lock:
            is_first, self._closed = not self._closed, True
        if not is_first:
            return self._wait_for_the_end(seconds)
        self._workings.hook.uninstall()
        if os.getpid() != self._pid:
            self._arrived = True  # a forked child that captured nothing
            self._ended.set()
            return True
        if self._engine.is_worker:
            # Asked by ``before_send``, which the worker waits for.
            threading.Thread(target=self._end, args=(seconds,), daemon=True).start()
            return False
        return self._end(seconds)

    def _end(self, seconds: float) -> bool:
        try:
            self._arrived = self._engine.shutdown(seconds)
        finally:
            self._ended.set()
        if self.options.debug:
            logger.debug("shut down; everything arrived: %s; %s", self._arrived, self.stats())
        return self._arrived

    def _wait_for_the_end(self, seconds: float) -> bool:
        """Wait for the thread that is shutting down: who asks may end the process next."""
        if os.getpid() != self._pid:
            return True  # in the parent, and the parent's business
        if not self._engine.is_worker:
            self._ended.wait(max(seconds + self._workings.overtime_s, 0.0))
        return self._arrived

    def stats(self) -> dict[str, dict[str, object]]:
        """Return the counts by kind, fate and reason, with redactions by rule, as plain data.

        With a tail sampler, ``sampling`` has the traces it has decided, by reason.
        """
        return self.engine.snapshot()

    @property
    def logs(self) -> "BridgeLogs":
        """Where log records and the ids of errors go."""
        return self._workings.logs

    @property
    def live(self) -> "LiveReader":
        """Reads exceptions while they are at hand."""
        return self._workings.live

    def sampler(self) -> "BridgeSampler | None":
        """Return the head sampler that the options ask for, for a ``TracerProvider``.

        None if they say nothing about sampling, or ``OTEL_TRACES_SAMPLER`` names another one.
        """
        return self._workings.sampler()

    def guide(self, sampler: object) -> bool:
        """Give a sampler that was chosen by name the options of this bridge; False for others."""
        return self._workings.guide(sampler)

    def front_of(self, processor: "OwnProcessor") -> "Front | None":
        """Return what keeps a processor of ours before the others; None if that is not wanted."""
        return self._workings.front_of(processor, self)

    def others(self) -> "Others | None":
        """Return what scrubs the exports of others; None if that is not wanted."""
        return self._workings.others(self)

    def let_go(self) -> None:
        """End what is still at work after a shutdown, because the interpreter ends."""
        if os.getpid() == self._pid:
            self._engine.let_go()

    def before_fork(self) -> None:
        """See to it that no lock is held that a child would wait for."""
        self._workings.gate.close_for_fork()
        self._engine.pause_for_fork()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._engine.resume_after_fork()
        self._workings.gate.open_after_fork()

    def after_fork_in_child(self) -> None:
        """Let go of what the parent holds; an engine of this process is built when needed."""
        self._workings.gate.after_fork_in_child()
        # A thread of the parent may have held it, or was shutting down.
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._enders = set()

    def _rebuild(self) -> None:
        with self._lock:
            if os.getpid() == self._pid:
                return
            # What the parent had queued is the parent's to send: the child starts with nothing.
            self._engine = self._workings.build_engine()
            self._pid = os.getpid()
            if self._closed:
                self._engine.close_unstarted()
                self._ended.set()  # there is no thread here that shuts down
            else:
                self._engine.start()


_running: list[weakref.ref[Bridge]] = []


def current_bridge() -> Bridge | None:
    """Return the bridge that was started last and is not shut down; None if there is none."""
    for reference in reversed(_running):
        bridge = reference()
        if bridge is not None and not bridge.closed:
            return bridge
    return None


def _note(bridge: Bridge) -> None:
    kept = [known for known in _running if (alive := known()) is not None and not alive.closed]
    _running[:] = [*kept, weakref.ref(bridge)]

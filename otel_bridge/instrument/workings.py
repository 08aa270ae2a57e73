"""What a bridge consists of: the only module of this room that brings all stages with it."""

from collections.abc import Callable, Mapping

from otel_bridge.config.delivery import otlp_endpoints
from otel_bridge.config.options import Options
from otel_bridge.instrument.assemble import build_engine
from otel_bridge.instrument.engine import Engine
from otel_bridge.instrument.environment_sampler import EnvironmentSampler, sampler_for
from otel_bridge.instrument.fork_gate import ForkGate
from otel_bridge.instrument.front import Front, OwnProcessor
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.log_options import log_options
from otel_bridge.instrument.log_sink import BridgeLogs
from otel_bridge.instrument.others import Others
from otel_bridge.instrument.overtime import RESCUE_S
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.logs.hook import LogHook
from otel_bridge.logs.intake import INTAKE
from otel_bridge.logs.options import LogOptions
from otel_bridge.send.lane import SAVE_S


class Workings:
    """Everything behind a bridge but its life.

    Args:
        options: The validated options.
        environ: The environment, for paths.
        engine: Returns the engine of the process that asks.
    """

    def __init__(
        self, options: Options, environ: Mapping[str, str], engine: Callable[[], Engine]
    ) -> None:
        self._options = options
        self._environ = environ
        self._engine = engine
        self.gate = ForkGate()
        self.live = LiveReader(
            include_locals=options.include_local_variables,
            keep_exception=options.before_send is not None,
        )
        self.logs = BridgeLogs(engine, self.live, forward=options.forward_logs)
        self.hook = LoggingHook(
            log_options(options),
            self.logs,
            service_name=environ.get("OTEL_SERVICE_NAME", ""),
            on_fault=self._tell,
        )

    @property
    def overtime_s(self) -> float:
        """How long a shutdown may go beyond its time to keep errors, in seconds."""
        return RESCUE_S + SAVE_S

    def build_engine(self) -> Engine:
        """Return an engine that has not been started."""
        return build_engine(self._options, self._environ)

    def sampler(self) -> BridgeSampler | None:
        """Return the head sampler that the options ask for; None if they ask for none."""
        return sampler_for(self._options, self._environ, self._engine().stats)

    def guide(self, sampler: object) -> bool:
        """Give a sampler that was chosen by name, alone or as a root, the options of this one."""
        for each in (sampler, getattr(sampler, "_root", None)):
            if isinstance(each, EnvironmentSampler):
                each.follow(self._options, self._environ, self._engine().stats)
                return True
        return False

    def front_of(self, processor: OwnProcessor, bridge: object) -> Front | None:
        """Return what keeps a processor of ours before the others; None if that is not wanted."""
        others = self.others(bridge)
        return None if others is None else Front(processor, others)

    def others(self, bridge: object) -> Others | None:
        """Return what scrubs the exports of others; None if that is not wanted."""
        if not self._options.scrub_other_exporters:
            return None
        scrubbing = Scrubbing(lambda: self._engine().scrubber, self._tell, self.gate)
        endpoints = otlp_endpoints(self._options, self._environ).endpoints
        spans_go = next((at.traces_url for at in endpoints if at.traces_url), "")
        logs_go = next((at.logs_url for at in endpoints if at.logs_url), "")
        return Others(scrubbing, (spans_go, logs_go), bridge)

    def _tell(self, place: str) -> None:
        self._engine().guard.tell(place)


class LoggingHook:
    """The hook in stdlib logging, and the intake of the process behind it."""

    def __init__(
        self,
        options: LogOptions,
        logs: BridgeLogs,
        *,
        service_name: str,
        on_fault: Callable[[str], None],
    ) -> None:
        self._options = options
        self._logs = logs
        self._hook = LogHook(options, service_name=service_name, on_fault=on_fault)

    def install(self) -> None:
        """Take log records from now on; add nothing to logging if nothing is wanted of it."""
        INTAKE.sink, INTAKE.event_level = self._logs, self._options.event_level
        if self._options.correlate or self._options.level is not None:
            self._hook.install()

    def uninstall(self) -> None:
        """Take no more."""
        self._hook.uninstall()
        if INTAKE.sink is self._logs:
            INTAKE.sink = None

"""The sampler that is chosen by name: ``OTEL_TRACES_SAMPLER=otel_bridge``, or in a file."""

from collections.abc import Mapping

from otel_bridge.config.env import environment
from otel_bridge.config.load import load
from otel_bridge.config.options import Options
from otel_bridge.config.sampling import resource_attributes
from otel_bridge.errors import ConfigError
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.sample.head import TracesSampler
from otel_bridge.sample.options import HeadOptions
from otel_bridge.stats import Stats


class EnvironmentSampler(BridgeSampler):
    """A ``BridgeSampler`` with the options of the environment and the configuration file.

    The SDK makes it before a bridge runs, and a declarative file gives it nothing: the bridge that
    starts later brings the options of its own section, or of the call.

    Args:
        argument: The value of ``OTEL_TRACES_SAMPLER_ARG``: a rate that goes before the one of the
            option ``sampling``.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    def __init__(self, argument: object = None) -> None:
        self._rate = None if argument in (None, "") else _rate(argument)
        environ = environment()
        self.follow(load({}, environ).options, environ)

    def follow(
        self, options: Options, environ: Mapping[str, str], stats: Stats | None = None
    ) -> None:
        """Decide by other options from now on; a rate that was given by name stays."""
        head = _head(options)
        service, deployment = _whereabouts(options, environ)
        super().__init__(
            head.rate if self._rate is None else self._rate,
            head.rules,
            options.traces_sampler,
            record_errors=head.record_errors,
            service=service,
            environment=deployment,
            stats=stats,
        )


def sampler_for(
    options: Options, environ: Mapping[str, str], stats: Stats | None = None
) -> BridgeSampler | None:
    """Return the sampler that options ask for.

    None if they say nothing about sampling, or nothing about the head of traces while
    ``OTEL_TRACES_SAMPLER`` does.
    """
    traces_sampler: TracesSampler | None = options.traces_sampler
    asked = traces_sampler or (options.sampling and options.sampling.head)
    if not asked and (options.sampling is None or environ.get("OTEL_TRACES_SAMPLER")):
        return None
    head = _head(options)
    service, deployment = _whereabouts(options, environ)
    return BridgeSampler(
        head.rate,
        head.rules,
        traces_sampler,
        record_errors=head.record_errors,
        service=service,
        environment=deployment,
        stats=stats,
    )


def _head(options: Options) -> HeadOptions:
    sampling = options.sampling
    return HeadOptions() if sampling is None or sampling.head is None else sampling.head


def _whereabouts(options: Options, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the names of the service and of the environment it runs in, as far as known."""
    attributes = resource_attributes(environ)
    service = environ.get("OTEL_SERVICE_NAME") or attributes.get("service.name", "")
    named = attributes.get("deployment.environment.name", "")
    return service, options.environment or named


def _rate(argument: object) -> float:
    try:
        return float(str(argument))
    except ValueError:
        raise ConfigError(
            [f"OTEL_TRACES_SAMPLER_ARG: found {argument!r}, wanted a rate from 0 to 1"]
        ) from None

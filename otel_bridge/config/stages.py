"""From the one configuration to the options of each stage."""

from dataclasses import replace

from otel_bridge.config.env import host_name, project_root
from otel_bridge.config.options import Options
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.scrub.options import ScrubOptions


def scrub_options(options: Options) -> ScrubOptions:
    """Return what the scrub stage is told."""
    if isinstance(options.scrub, ScrubOptions):
        is_wanted = options.scrub.send_default_pii or options.send_default_pii
        return replace(options.scrub, send_default_pii=is_wanted)
    return ScrubOptions(preset=options.scrub, send_default_pii=options.send_default_pii)


def convert_options(options: Options) -> ConvertOptions:
    """Return what the convert stage is told."""
    return ConvertOptions(
        release=options.release,
        environment=options.environment,
        dist=options.dist,
        server_name=options.server_name,
        found_server_name=host_name(),
        ignore_errors=tuple(options.ignore_errors),
        ignore_health_checks=options.ignore_health_checks,
        ignore_bots=options.ignore_bots,
        failed_spans=options.failed_spans,
        fingerprint_rules=tuple(options.fingerprint_rules),
        tags_from_attributes=tuple(options.tags_from_attributes),
        in_app_include=tuple(options.in_app_include),
        in_app_exclude=tuple(options.in_app_exclude),
        max_breadcrumbs=options.max_breadcrumbs,
        include_local_variables=options.include_local_variables,
        send_default_pii=options.send_default_pii,
        project_root=project_root(),
    )

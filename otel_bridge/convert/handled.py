"""Whether the application dealt with a failure itself."""

from otel_bridge.convert.facts import Facts
from otel_bridge.convert.sighting import Shape
from otel_bridge.wire.batch import SpanKind, StatusCode

_FATAL = 21


def is_handled(facts: Facts) -> bool | None:
    """Return whether the failure was handled; None where the telemetry does not tell."""
    shapes = {sighting.shape for sighting in facts.sightings}
    for sighting in facts.sightings:
        log = sighting.log
        if log is not None and (
            log.severity_number >= _FATAL or log.event_name.endswith(".server.request.exception")
        ):
            return False
        if sighting.span is not None and sighting.span.kind in {
            SpanKind.SERVER,
            SpanKind.CONSUMER,
        }:
            return sighting.status == StatusCode.UNSET
    if shapes == {Shape.LOG}:
        return True
    if all(s.status == StatusCode.UNSET for s in facts.sightings if s.shape is Shape.SPAN_EVENT):
        return True
    return None

"""Proof in the type: what carries one of these names has been through the scrubber.

Only ``otel_bridge.scrub`` may make them; a test of the architecture holds it to that.
"""

from typing import Any, NewType

from otel_bridge.wire.batch import Batch

CleanBatch = NewType("CleanBatch", Batch)
"""A batch without secrets."""

CleanEvent = NewType("CleanEvent", dict[str, Any])
"""A Sentry event payload, as plain JSON types, without secrets."""

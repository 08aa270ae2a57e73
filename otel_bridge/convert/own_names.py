"""The names that our own doors write into telemetry and the convert stage reads back."""

MESSAGE_EVENT = "otel_bridge.message"
"""Event name of a log record that asks for an event without an exception."""

EVENT_ID = "otel_bridge.event_id"
"""Attribute of a log record: the id that its event shall have, because somebody was told it."""

HANDLED = "otel_bridge.handled"
"""Attribute of a log record: whether the exception it tells of was handled, a boolean."""

BREADCRUMB = "otel_bridge.breadcrumb"
"""Attribute of a log record that tells of an exception and is no error event all the same."""

TAG_PREFIX = "otel_bridge.tag."
EXTRA_PREFIX = "otel_bridge.extra."

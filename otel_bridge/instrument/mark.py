"""How processors and exporters of ours are told from those of others."""

OWN_MARK = "is_otel_bridge"
"""Attribute of what feeds a bridge: it wants spans as they are."""


def is_own(found: object) -> bool:
    """Whether a processor or an exporter feeds a bridge."""
    return bool(getattr(found, OWN_MARK, False))

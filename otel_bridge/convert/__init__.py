"""From clean telemetry to error events: what failed, where, for whom, and only once."""

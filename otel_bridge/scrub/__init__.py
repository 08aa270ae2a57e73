"""Taking secrets out of telemetry: the only maker of clean batches and events."""

"""Taking secrets and personal data out of telemetry: the only maker of clean batches and events."""

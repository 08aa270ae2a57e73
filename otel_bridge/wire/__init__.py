"""OTLP as bytes: what a batch of telemetry is, how it is made, read, split and joined again."""

"""Delivery: queues, retries, rate limits and the ways out to Sentry, OTLP and a local file."""

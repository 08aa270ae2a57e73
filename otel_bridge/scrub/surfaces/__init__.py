"""The shapes that texts come in: OTLP messages, Sentry events, JSON."""

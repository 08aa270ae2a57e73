#!/bin/sh
# pip install otel-bridge opentelemetry-distro opentelemetry-instrumentation-fastapi uvicorn
export OTEL_SERVICE_NAME="${OTEL_SERVICE_NAME:-shop}"
export OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none

# SENTRY_DSN names the error tracker, OTEL_EXPORTER_OTLP_ENDPOINT the receiver of the spans.
cd "$(dirname "$0")" && exec opentelemetry-instrument uvicorn app:app --port "${PORT:-8000}"

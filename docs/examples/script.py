"""A script, a job of a scheduler, a function that runs for a second: nothing is lost at the end.

python script.py
"""

from opentelemetry import trace

import otel_bridge

bridge = otel_bridge.init(release="reports@3", environment="dev")

with trace.get_tracer("reports").start_as_current_span("nightly report"):
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        event_id = otel_bridge.capture_exception(tags={"report": "revenue"})
        print(f"went wrong, see event {event_id}")

# At the end of the process what is left is sent, within `shutdown_timeout` seconds. Where the
# process is frozen instead of ended (AWS Lambda), or to know that all has arrived, ask for it:
assert bridge.flush(timeout=5.0)

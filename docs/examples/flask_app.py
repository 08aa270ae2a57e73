"""Flask: an app that is instrumented with OpenTelemetry; marked are the lines of otel_bridge.

flask --app flask_app run
"""

from flask import Flask
from opentelemetry.instrumentation.flask import FlaskInstrumentor

import otel_bridge  # <- 1

otel_bridge.init(release="shop@1.4.2", environment="dev")  # <- 2

app = Flask(__name__)
FlaskInstrumentor().instrument_app(app)


@app.get("/orders/<int:order_id>")
def order(order_id: int) -> dict[str, int]:
    stock = {7: 3}
    return {"in stock": stock[order_id]}

// A shop that fails in every way an Express service does. Instrumented from outside.
const express = require("express");
const pino = require("pino");
const winston = require("winston");
const { OpenTelemetryTransportV3 } = require("@opentelemetry/winston-transport");
const { SpanStatusCode, trace } = require("@opentelemetry/api");

const log = pino();
const winlog = winston.createLogger({
  level: "info",
  transports: [new winston.transports.Console(), new OpenTelemetryTransportV3()],
});
const tracer = trace.getTracer("shop");
const app = express();

class PaymentError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "PaymentError";
    this.code = options.code;
  }
}

function charge(order) {
  try {
    JSON.parse("{not json");
  } catch (error) {
    throw new PaymentError(`card refused for order ${order}`, { cause: error, code: "card_declined" });
  }
}

function load(order) {
  const rows = undefined;
  return rows.find((row) => row.id === order);
}

app.get("/ok", (req, res) => res.json({ ok: true }));

app.get("/throw/:id", (req, res) => {
  charge(req.params.id);
  res.json({ ok: true });
});

app.get("/plain/:id", (req, res) => {
  load(req.params.id);
});

app.get("/async/:id", async (req, res) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  load(req.params.id);
});

app.get("/handled/:id", (req, res) => {
  try {
    charge(req.params.id);
  } catch (error) {
    log.error({ err: error }, "could not charge");
    res.json({ ok: false });
  }
});

app.get("/winston/:id", (req, res) => {
  try {
    load(req.params.id);
  } catch (error) {
    winlog.error("could not load", error);
    res.json({ ok: false });
  }
});

app.get("/manual/:id", (req, res) => {
  try {
    load(req.params.id);
  } catch (error) {
    const span = trace.getActiveSpan();
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    res.status(502).json({ ok: false });
  }
});

app.get("/nested/:id", (req, res) => {
  tracer.startActiveSpan("checkout", (outer) => {
    try {
      tracer.startActiveSpan("payment", (inner) => {
        try {
          charge(req.params.id);
        } catch (error) {
          inner.recordException(error);
          inner.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          inner.end();
        }
      });
    } catch (error) {
      outer.recordException(error);
      outer.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      outer.end();
    }
  });
});

app.get("/group/:id", async (req, res) => {
  await Promise.any([
    Promise.reject(new TypeError("first part failed")),
    Promise.reject(new RangeError("second part failed")),
  ]);
});

app.get("/logged/:id", (req, res) => {
  try {
    load(req.params.id);
  } catch (error) {
    log.error(error);
    throw error;
  }
});

app.get("/unavailable", (req, res) => res.status(503).json({ ok: false }));

app.get("/unknown-order/:id", (req, res) => {
  const error = new Error("no such order");
  error.status = 404;
  throw error;
});

const server = app.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => server.close());

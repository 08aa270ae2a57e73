// A shop that fails in ways few services do: things thrown that are no errors, causes recorded twice.
const express = require("express");
const pino = require("pino");
const { SpanStatusCode, trace } = require("@opentelemetry/api");

const log = pino();
const tracer = trace.getTracer("shop");
const app = express();

class CheckoutError extends Error {
  name = "CheckoutError";
}

function load(order) {
  const rows = undefined;
  return rows.find((row) => row.id === order);
}

function inSpan(name, work) {
  return tracer.startActiveSpan(name, (span) => {
    try {
      return work();
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

app.get("/ok", (req, res) => res.json({ ok: true }));

app.get("/object/:id", (req, res) => {
  throw { code: "E_STOCK", message: `order ${req.params.id} is out of stock` };
});

app.get("/bare-object/:id", (req, res) => {
  throw { reason: "stock" };
});

app.get("/string/:id", (req, res) => {
  throw `order ${req.params.id} is odd`;
});

app.get("/wrapped/:id", (req, res) => {
  try {
    inSpan("stock", () => load(req.params.id));
  } catch (error) {
    throw new CheckoutError(`checkout of ${req.params.id} broke`, { cause: error });
  }
});

app.get("/wrapped-logged/:id", (req, res) => {
  try {
    inSpan("stock", () => load(req.params.id));
  } catch (error) {
    const wrapped = new CheckoutError(`checkout of ${req.params.id} broke`, { cause: error });
    log.error(wrapped);
    throw wrapped;
  }
});

app.get("/parse/:id", (req, res) => {
  JSON.parse(`{bad ${req.params.id}`);
});

app.get("/parse-elsewhere/:id", async (req, res) => {
  JSON.parse(`{worse ${req.params.id}`);
});

app.get("/conflict/:id", (req, res) => {
  throw new CheckoutError(`order ${req.params.id} is paid`);
});

app.use((error, req, res, next) => {
  if (req.path.startsWith("/conflict/")) return res.status(409).json({ ok: false });
  next(error);
});

const server = app.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => server.close());

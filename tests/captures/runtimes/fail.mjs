import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import vm from "node:vm";
import util from "node:util";
import os from "node:os";
const out = {};
class PaymentError extends Error { constructor(m, o) { super(m, o); this.name = "PaymentError"; } }
function charge(o) { try { JSON.parse("{no"); } catch (e) { throw new PaymentError(`card refused for order ${o}`, { cause: e }); } }
class Shop { static open() { charge(1); } #secret() { charge(2); } run() { this.#secret(); } get total() { return charge(3); } async late() { await 1; charge(4); } }
function Ctor() { charge(5); }
const grab = async (name, f) => { try { await f(); } catch (e) { out[name] = e.stack; out[name + ":inspect"] = util.inspect(e); } };
await grab("plain", () => charge(0));
await grab("static", () => Shop.open());
await grab("private", () => new Shop().run());
await grab("getter", () => new Shop().total);
await grab("async", () => new Shop().late());
await grab("new", () => new Ctor());
await grab("eval", () => eval("charge(6)"));
await grab("function", () => new Function("f", "f(7)")(charge));
await grab("vm", () => vm.runInThisContext("(f) => f(8)", "inline.js")(charge));
await grab("sort", () => [2, 1].sort(() => charge(9)));
await grab("promise_all", () => Promise.all([new Shop().late()]));
await grab("readfile", () => readFile("/nonexistent/file"));
await grab("anonymous", () => (() => { charge(10); })());
await grab("alias", () => { const o = { handle: function wrapped() { charge(11); } }; o.other = o.handle; o.other(); });
await grab("multiline", () => { throw new Error("first\nsecond\n    at not a frame (at all)"); });
await grab("no_message", () => { throw new Error(); });
await grab("aggregate", () => Promise.any([Promise.reject(new Error("a")), Promise.reject(new TypeError("b"))]));
await grab("recursion", () => { function r() { r(); } r(); });
await grab("timeout", () => new Promise((_, reject) => setTimeout(() => { try { charge(12); } catch (e) { reject(e); } }, 1)));
await grab("cjs", () => createRequire(import.meta.url)("./dep.cjs").go(charge));
process.stdout.write(JSON.stringify(out, null, 1));

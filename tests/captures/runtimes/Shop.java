package com.example.shop;
import java.util.*; import java.util.concurrent.*; import java.io.*; import java.lang.reflect.*;
public class Shop {
  static class PaymentException extends RuntimeException { PaymentException(String m, Throwable c) { super(m, c); } }
  interface Till { void open(); }
  static void parse(String s) { Integer.parseInt(s); }
  static void charge(int order) { try { parse("no" ); } catch (NumberFormatException e) { throw new PaymentException("card refused for order " + order, e); } }
  class Inner { void run() { charge(1); } }
  static class Res implements AutoCloseable { String n; Res(String n){this.n=n;} public void close() { throw new IllegalStateException("close " + n, new IOException("disk")); } }
  static void suppressed() { try (Res a = new Res("a"); Res b = new Res("b")) { charge(2); } }
  static int depth(int n) { return n == 0 ? Integer.parseInt("") : depth(n - 1); }
  static Throwable circular() { Exception a = new Exception("a"); Exception b = new Exception("b", a); a.initCause(b); return a; }
  static Map<String,String> out = new LinkedHashMap<>();
  interface Call { void run() throws Throwable; }
  static void grab(String name, Call c) { try { c.run(); } catch (Throwable t) { StringWriter w = new StringWriter(); t.printStackTrace(new PrintWriter(w)); out.put(name, w.toString()); } }
  public static void main(String[] args) throws Exception {
    grab("plain", () -> charge(0));
    grab("inner", () -> new Shop().new Inner().run());
    grab("lambda", () -> List.of(1).forEach(n -> charge(n)));
    grab("stream", () -> List.of(1, 2).stream().map(n -> { charge(n); return n; }).toList());
    grab("suppressed", () -> suppressed());
    grab("anonymous", () -> new Object() { void go() { charge(3); } }.go());
    grab("proxy", () -> ((Till) Proxy.newProxyInstance(Shop.class.getClassLoader(), new Class<?>[]{Till.class}, (p, m, a) -> { charge(4); return null; })).open());
    grab("reflect", () -> Shop.class.getDeclaredMethod("charge", int.class).invoke(null, 5));
    grab("executor", () -> { ExecutorService e = Executors.newFixedThreadPool(1); try { e.submit(() -> charge(6)).get(); } finally { e.shutdown(); } });
    grab("recursion", () -> depth(30));
    grab("circular", () -> { throw circular(); });
    grab("no_message", () -> { throw new NullPointerException(); });
    grab("multiline", () -> { throw new RuntimeException("first\n\tat not.a.frame(Nowhere.java:1)\nlast"); });
    grab("overflow", new Call() { public void run() { run(); } });
    grab("clinit", () -> { Class.forName("com.example.shop.Broken"); });
    StringBuilder b = new StringBuilder("{");
    for (var e : out.entrySet()) { if (b.length() > 1) b.append(",\n"); b.append('"').append(e.getKey()).append("\": \"").append(e.getValue().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "")).append('"'); }
    System.out.println(b + "}");
  }
}
class Broken { static { Shop.charge(7); } }

use std::backtrace::Backtrace;
use std::collections::BTreeMap;
use std::fmt;
mod orders {
    use super::*;
    #[derive(Debug)] pub struct PaymentError { pub trace: Backtrace }
    impl fmt::Display for PaymentError { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "card refused") } }
    pub struct Order { pub id: u32 }
    impl Order {
        #[inline(never)] pub fn charge(&self) -> Result<(), PaymentError> { Err(PaymentError { trace: Backtrace::force_capture() }) }
    }
    pub trait Pay { fn pay(&self) -> String; }
    impl Pay for Order { #[inline(never)] fn pay(&self) -> String { let f = || self.charge().unwrap_err().trace.to_string(); f() } }
    #[inline(never)] pub fn each<T, F: Fn(T) -> String>(rows: Vec<T>, f: F) -> Vec<String> { rows.into_iter().map(f).collect() }
}
use orders::Pay;
fn main() {
    let arg = std::env::args().nth(1).unwrap_or_default();
    if arg == "panic" { let rows: Vec<u32> = vec![]; println!("{}", rows[orders::each(vec![1], |_| String::new()).len()]); }
    if arg == "unwrap" { orders::Order { id: 1 }.charge().unwrap(); }
    let mut out = BTreeMap::new();
    out.insert("method", orders::Order { id: 7 }.charge().unwrap_err().trace.to_string());
    out.insert("closure", orders::Order { id: 7 }.pay());
    out.insert("generic", orders::each(vec![1], |_| orders::Order { id: 7 }.pay()).remove(0));
    out.insert("thread", std::thread::spawn(|| orders::Order { id: 7 }.pay()).join().unwrap());
    let parts: Vec<String> = out.iter().map(|(k, v)| format!("{:?}: {:?}", k, v).replace("\\'", "'")).collect();
    println!("{{{}}}", parts.join(",\n"));
}

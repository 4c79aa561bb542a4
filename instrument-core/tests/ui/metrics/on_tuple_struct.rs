use instrument_core::{Counter, Metrics, Registry};

#[derive(Metrics)]
struct Quotes(Counter);

fn main() {
    let _ = Quotes::register(&Registry::new());
}

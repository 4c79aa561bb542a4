use instrument_core::{Counter, Metrics, Registry};

#[derive(Metrics)]
#[metrics(prefix = "quotes")]
struct Quotes {
    served: Counter,
    ///
    stored: Counter,
}

fn main() {
    let _ = Quotes::register(&Registry::new());
}

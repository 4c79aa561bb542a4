use instrument_core::{Metrics, Registry};

#[derive(Metrics)]
struct Quotes {
    /// Quotations served.
    served: u64,
}

fn main() {
    let _ = Quotes::register(&Registry::new());
}

use instrument_core::{Counter, Metrics};

#[derive(Metrics)]
#[metrics(name = "quotes")]
struct Quotes {
    /// Quotations served.
    served: Counter,
}

#[derive(Metrics)]
struct Authors {
    /// Authors known.
    #[metric(description = "Authors.")]
    known: Counter,
}

fn main() {
    let _: (Quotes, Authors);
}

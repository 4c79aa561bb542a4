use instrument_core::{Counter, instrument_red};

#[instrument_red]
struct Quotes {
    served: Counter,
}

fn main() {
    let _: Quotes;
}

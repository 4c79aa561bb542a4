use instrument_core::Metrics;

#[derive(Metrics)]
enum Quotes {
    Served,
}

fn main() {
    let _ = Quotes::Served;
}

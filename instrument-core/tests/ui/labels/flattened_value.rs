use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    #[labels(flatten)]
    cached: bool,
}

fn main() {
    let _: Lookup;
}

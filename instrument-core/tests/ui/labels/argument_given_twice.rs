use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    #[labels(skip)]
    #[labels(skip)]
    kind: bool,
}

fn main() {
    let _: Lookup;
}

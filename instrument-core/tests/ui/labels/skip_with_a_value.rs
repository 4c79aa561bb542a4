use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    #[labels(skip = true)]
    kind: bool,
}

fn main() {
    let _: Lookup;
}

use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    kind: bool,
    #[labels(rename = "kind")]
    sort: bool,
}

fn main() {
    let _: Lookup;
}

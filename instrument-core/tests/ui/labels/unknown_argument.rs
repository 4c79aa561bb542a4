use instrument_core::Labels;

#[derive(Labels)]
#[labels(rename_all = "lowercase")]
struct Lookup {
    kind: bool,
}

#[derive(Labels)]
struct Search {
    #[labels(name = "kind")]
    sort: bool,
}

fn main() {
    let _: (Lookup, Search);
}

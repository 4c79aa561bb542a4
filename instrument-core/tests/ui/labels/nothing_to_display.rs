use instrument_core::Labels;

struct Kind;

#[derive(Labels)]
struct Lookup {
    #[labels(display)]
    kind: Kind,
}

fn main() {
    let _: Lookup;
}

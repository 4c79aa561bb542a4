use instrument_core::{Labels, Registry};

struct Kind;

#[derive(Labels)]
struct Lookup {
    kind: Kind,
}

fn main() {
    let _ = Registry::new().counter("a", "A.").labels::<Lookup>().register();
}

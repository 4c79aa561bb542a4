use instrument_core::{LabelValue, Labels};

#[derive(LabelValue)]
enum Kind {
    Hit,
    Miss(u32),
    Stale { since: u64 },
}

#[derive(Labels)]
struct Lookup {
    kind: Kind,
}

fn main() {
    let _: Lookup;
}

use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    #[labels(display, range = 0..=9)]
    attempt: u32,
    #[labels(flatten, skip)]
    inner: (),
    #[labels(skip, rename = "kind")]
    kind: bool,
    #[labels(rename = "common")]
    #[labels(flatten)]
    common: (),
}

fn main() {
    let _: Lookup;
}

use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    #[labels(range = 9..=0)]
    backwards: u32,
    #[labels(range = 5..5)]
    empty: u32,
    #[labels(range = 9)]
    number: u32,
    #[labels(range = 0..)]
    without_end: u32,
    #[labels(range)]
    without_value: u32,
}

fn main() {
    let _: Lookup;
}

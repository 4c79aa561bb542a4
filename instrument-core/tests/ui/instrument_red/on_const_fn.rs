use instrument_core::instrument_red;

#[instrument_red]
const fn double(n: u32) -> u32 {
    n * 2
}

fn main() {
    const FOUR: u32 = double(2);
    assert_eq!(FOUR, 4);
}

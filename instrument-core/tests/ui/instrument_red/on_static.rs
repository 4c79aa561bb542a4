use instrument_core::instrument_red;

#[instrument_red]
static ANSWER: u32 = 42;

fn main() {
    assert_eq!(ANSWER, 42);
}

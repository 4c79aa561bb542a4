use instrument_core::Labels;

#[derive(Labels)]
struct Lookup<'a> {
    #[labels(range = 0..=9)]
    attempt: &'a str,
}

fn main() {
    let _: Lookup;
}

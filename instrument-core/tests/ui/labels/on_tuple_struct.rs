use instrument_core::{Counter, Family, Labels};

#[derive(Labels)]
struct Kind(bool);

fn main() {
    let _: Family<Kind, Counter>;
}

use instrument_core::LabelValue;

#[derive(LabelValue)]
enum Kind {}

fn main() {
    let _: Kind;
}

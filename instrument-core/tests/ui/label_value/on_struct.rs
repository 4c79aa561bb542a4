use instrument_core::LabelValue;

#[derive(LabelValue)]
struct Kind {
    hit: bool,
}

fn main() {
    let _ = Kind { hit: true }.with_text(str::len);
}

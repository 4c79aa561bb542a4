use instrument_core::LabelValue;

#[derive(LabelValue)]
#[label_value(rename_all = "Snake_Case")]
enum Kind {
    Hit,
    Miss,
}

fn main() {
    let _: Kind;
}

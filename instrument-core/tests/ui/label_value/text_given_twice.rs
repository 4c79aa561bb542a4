use instrument_core::LabelValue;

#[derive(LabelValue)]
enum Kind {
    Http,
    HTTP,
    #[label_value(rename = "http")]
    Web,
}

fn main() {
    let _: Kind;
}

use instrument_core::LabelValue;

#[derive(LabelValue)]
enum Kind {
    #[label_value(name = "hit")]
    Hit,
    Miss,
}

#[derive(LabelValue)]
#[label_value(rename = "kind")]
enum Sort {
    Quick,
}

fn main() {
    let _: (Kind, Sort);
}

use instrument_core::instrument_red;

struct Quotes;

#[instrument_red(rename = "find")]
impl Quotes {
    fn find() {}

    fn list() {}
}

fn main() {
    Quotes::find();
    Quotes::list();
}

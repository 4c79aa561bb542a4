use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    le: u32,
    #[labels(rename = "quantile")]
    q: u32,
    __name: u32,
}

fn main() {
    let _: Lookup;
}

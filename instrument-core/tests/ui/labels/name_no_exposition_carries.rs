use instrument_core::Labels;

#[derive(Labels)]
struct Lookup {
    größe: u32,
    #[labels(rename = "http.method")]
    method: &'static str,
    #[labels(rename = "1st")]
    first: bool,
}

fn main() {
    let _: Lookup;
}

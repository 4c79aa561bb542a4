use instrument_core::Labels;

#[derive(Labels)]
enum Kind {
    Hit,
    Miss,
}

fn main() {
    let _ = [Kind::Hit, Kind::Miss];
}

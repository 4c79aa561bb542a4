use instrument_core::Labels;

#[derive(Labels)]
union Kind {
    id: u32,
}

fn main() {
    let _ = Kind { id: 1 };
}

use instrument_core::instrument_red;

#[instrument_red(error = |code| *code)]
fn find(code: u8) -> Option<u8> {
    Some(code)
}

fn main() {
    find(1);
}

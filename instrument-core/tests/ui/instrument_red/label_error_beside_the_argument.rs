use instrument_core::instrument_red;

#[instrument_red(labels(error = 1), error = |code| *code)]
fn fail() -> Result<(), u8> {
    Err(1)
}

fn main() {
    let _ = fail();
}

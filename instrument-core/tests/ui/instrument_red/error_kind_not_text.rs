use instrument_core::instrument_red;

struct Failure;

#[instrument_red(error = |failure| Failure)]
fn fail() -> Result<(), Failure> {
    Err(Failure)
}

fn main() {
    let _ = fail();
}

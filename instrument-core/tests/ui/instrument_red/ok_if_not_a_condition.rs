use instrument_core::instrument_red;

#[instrument_red(ok_if = |found| *found)]
fn look_up() -> Option<u8> {
    None
}

fn main() {
    look_up();
}

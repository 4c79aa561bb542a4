use instrument_core::instrument_red;

#[instrument_red(family = "lookup")]
fn look_up() {}

fn main() {
    look_up();
}

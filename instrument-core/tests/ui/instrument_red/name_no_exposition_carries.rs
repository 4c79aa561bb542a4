use instrument_core::instrument_red;

#[instrument_red(name = "quote lookup")]
fn look_up() {}

fn main() {
    look_up();
}

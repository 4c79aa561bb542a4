use instrument_core::instrument_red;

#[instrument_red(name)]
fn look_up() {}

fn main() {
    look_up();
}

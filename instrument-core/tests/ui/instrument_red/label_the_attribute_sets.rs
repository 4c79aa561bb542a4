use instrument_core::instrument_red;

#[instrument_red(labels(function = "look_up"))]
fn look_up() {}

fn main() {
    look_up();
}

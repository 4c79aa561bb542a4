use instrument_core::instrument_red;

#[instrument_red("lookup")]
fn look_up() {}

fn main() {
    look_up();
}

use instrument_core::instrument_red;

#[instrument_red(rename)]
fn work() {}

fn main() {
    work();
}

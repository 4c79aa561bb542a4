use instrument_core::instrument_red;

#[instrument_red(rename(file = "quotes"))]
fn work() {}

fn main() {
    work();
}

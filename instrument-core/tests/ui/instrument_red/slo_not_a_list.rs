use instrument_core::instrument_red;

#[instrument_red(slo = 0.999)]
fn work() {}

fn main() {
    work();
}

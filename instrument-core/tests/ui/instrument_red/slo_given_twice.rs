use instrument_core::instrument_red;

#[instrument_red(slo(success = 0.9), slo(success = 0.99))]
fn work() {}

fn main() {
    work();
}

use instrument_core::instrument_red;

#[instrument_red(slo(success = 99.9))]
fn work() {}

fn main() {
    work();
}

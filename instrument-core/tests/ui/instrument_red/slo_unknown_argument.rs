use instrument_core::instrument_red;

#[instrument_red(slo(errors = 0.01))]
fn work() {}

fn main() {
    work();
}

use instrument_core::instrument_red;

#[instrument_red(slo())]
fn work() {}

fn main() {
    work();
}

use instrument_core::instrument_red;

#[instrument_red(slo(latency = "250ms"))]
fn work() {}

fn main() {
    work();
}

use instrument_core::instrument_red;

#[instrument_red(slo(latency = "250", target = 0.99))]
fn work() {}

fn main() {
    work();
}

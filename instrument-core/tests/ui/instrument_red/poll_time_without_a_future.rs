use instrument_core::instrument_red;

#[instrument_red(poll_time)]
fn work() {}

fn main() {
    work();
}

use instrument_core::instrument_red;

#[instrument_red(poll_time = true)]
async fn work() {}

fn main() {
    drop(work());
}

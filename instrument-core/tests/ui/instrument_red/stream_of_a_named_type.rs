use instrument_core::instrument_red;

#[instrument_red(stream)]
fn work() -> std::vec::IntoIter<u8> {
    vec![1].into_iter()
}

fn main() {
    drop(work());
}

use std::pin::Pin;

use instrument_core::instrument_red;

trait Stream {
    type Item;
}

#[instrument_red(stream, error = |code| *code)]
fn codes() -> Pin<Box<dyn Stream<Item = Result<u8, u8>>>> {
    unimplemented!()
}

#[instrument_red(stream, poll_time)]
fn polled() -> Pin<Box<dyn Stream<Item = u8>>> {
    unimplemented!()
}

fn main() {
    drop(codes());
    drop(polled());
}

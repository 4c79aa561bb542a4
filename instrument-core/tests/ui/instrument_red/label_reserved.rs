use instrument_core::instrument_red;

#[instrument_red(labels(le = size))]
fn look_up(size: u32) -> u32 {
    size
}

fn main() {
    look_up(1);
}

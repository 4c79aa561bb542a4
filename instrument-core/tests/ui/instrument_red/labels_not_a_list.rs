use instrument_core::instrument_red;

#[instrument_red(labels = id)]
fn look_up(id: u32) -> u32 {
    id
}

fn main() {
    look_up(1);
}

use instrument_core::instrument_red;

async fn fetch(id: u32) -> u32 {
    id
}

#[instrument_red(labels(id = id))]
fn look_up(id: u32) -> impl Future<Output = u32> {
    fetch(id)
}

fn main() {
    drop(look_up(1));
}

use instrument_core::{Registry, instrument_red};

#[instrument_red(registry = registry)]
fn look_up(registry: &Registry) -> usize {
    registry.snapshot().families().len()
}

fn main() {
    look_up(&Registry::new());
}

//! Those of the user's own, which the compiler shows where they are.

use instrument_core::instrument_red;

#[instrument_red]
fn wrong_value(name: &str) -> Result<u32, String> {
    name.len()
}

#[instrument_red]
async fn no_value(name: &str) -> usize {
    name.len();
}

#[instrument_red(labels(id = identifier))]
fn unknown_name(id: u32) {}

fn main() {}

//! Random registries, and a page of each in both text formats, for parsers that others wrote.
//!
//!     cargo run -p instrument-http --example random_pages -- DIRECTORY 300
//!
//! The files are `N.txt` and `N.openmetrics`. `.ci/e2e` has PyPI's prometheus_client read them.

#[path = "../tests/formats/generate.rs"]
mod generate;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use instrument_http::{OpenMetricsEncoder, TextEncoder};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let directory = PathBuf::from(arguments.next().ok_or("no directory: give one to write pages to")?);
    let count: usize = match arguments.next() {
        Some(count) => count.to_string_lossy().parse()?,
        None => 100,
    };
    let mut runner = TestRunner::default();
    for number in 0..count {
        let families = generate::families().new_tree(&mut runner).map_err(|why| why.to_string())?.current();
        let registry = generate::registry(&families);
        fs::write(directory.join(format!("{number}.txt")), TextEncoder::new().encode(&registry))?;
        fs::write(
            directory.join(format!("{number}.openmetrics")),
            OpenMetricsEncoder::new().encode(&registry),
        )?;
    }
    println!("{count} registries, {} pages in {}", 2 * count, directory.display());
    Ok(())
}

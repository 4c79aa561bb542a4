//! A first counter, and the page that Prometheus reads.
//!
//!     $ cargo run -p instrument-examples --example first_counter
//!     # HELP quotes_served_total Quotations served.
//!     # TYPE quotes_served_total counter
//!     quotes_served_total 3
//!
//! The name is given without `_total`, which is how the page spells every counter.

use instrument_core::{Error, Registry};
use instrument_http::TextEncoder;

fn main() -> Result<(), Error> {
    let registry = Registry::new();
    let served = registry.counter("quotes_served", "Quotations served.").register()?;

    served.inc();
    served.inc_by(2);

    print!("{}", TextEncoder::new().encode(&registry));
    Ok(())
}

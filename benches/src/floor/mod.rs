//! The floors: the least that any implementation has to pay for the same effect on this machine.
//!
//! They keep no registry, no names and no labels, and nobody could read them out. They are what a metric costs when
//! all that is left is the memory traffic, and a contender's distance from them is what its design costs.

mod histogram;
mod single_writer;

pub use histogram::{HISTOGRAM_CELLS, observe, observe_nanos};
pub use single_writer::{CELLS, add, get, sub};

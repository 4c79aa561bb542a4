//! What the benchmarks share: one way of asking, the same inputs for every contender, and the floors.
//!
//! Every file in `benches/` is one question, asked of this library, of its peers and of the floor: the least that
//! the machine lets any implementation pay. All of them run in one process, in the same loop, on the same inputs.
//! `README.md` says how to run them and how to read the table.

pub mod floor;
mod inputs;
mod question;
pub mod scrape;
mod threads;
mod work;

pub use inputs::{DURATIONS, LABEL_PAIRS, LATENCY_BOUNDS_SECONDS, Ring, durations, label_order, label_pairs};
pub use question::{Question, criterion};
pub use threads::{Threads, time_calls};
pub use work::{NotFound, QUOTE_IDS, quote, quote_ids};

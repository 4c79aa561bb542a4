//! What the benchmarks share: one way of asking, the same inputs for every contender, and the floors.
//!
//! Every file in `benches/` is one question, asked of this library, of its peers and of the floor: the least that
//! the machine lets any implementation pay. All of them run in one process, in the same loop, on the same inputs.
//! `README.md` says how to run them and how to read the table.

mod crowd;
pub mod floor;
mod inputs;
pub mod memory;
mod population;
mod question;
pub mod scrape;
pub mod statsd;
mod stopwatch;
mod threads;
mod work;

pub use crowd::core_ns_per_call;
pub use inputs::{DURATIONS, LABEL_PAIRS, LATENCY_BOUNDS_SECONDS, Ring, durations, label_order, label_pairs};
pub use population::{LabelTexts, label_texts, random_label_texts};
pub use question::{Question, criterion};
pub use stopwatch::{median_ns, median_ns_per_call};
pub use threads::{Clock, Threads, time_calls};
pub use work::{NotFound, QUOTE_IDS, quote, quote_ids};

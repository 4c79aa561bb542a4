//! What `#[instrument_red]` records, read from the registry as a user's test would.
#![cfg(feature = "macros")]

mod arguments;
mod asynchronous;
mod blocks;
mod error_kinds;
mod futures;
mod hygiene;
mod kinds;
mod labels;
mod lints;
mod names;
mod objectives;
mod outcome;
mod poll_time;
mod recorded;
#[cfg(not(loom))]
mod runtimes;
#[cfg(feature = "stream")]
mod streams;

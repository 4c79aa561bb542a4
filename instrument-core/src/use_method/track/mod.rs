//! A semaphore and a bounded channel that keep a [`Use`](crate::Use) by themselves: tokio's, with its names and its behaviour.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! use instrument_core::{Registry, Use, track};
//!
//! let registry = Registry::new();
//! let uploads = track::Semaphore::new(Use::register(&registry, "uploads", 2)?);
//! let (jobs, mut worker) = track::channel(Use::register(&registry, "jobs", 100)?);
//!
//! let permit = uploads.acquire().await?;
//! jobs.send("resize").await?;
//!
//! let snapshot = registry.snapshot();
//! assert_eq!(snapshot.gauge("uploads_utilization_ratio", &[]), Some(0.5));
//! assert_eq!(snapshot.gauge("jobs_utilization_ratio", &[]), Some(0.01));
//! # drop(permit);
//! # assert_eq!(worker.recv().await, Some("resize"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! For a pool of whatever library see [`Use::acquire`](crate::Use::acquire), which needs no runtime.

mod channel;
mod semaphore;

pub use self::channel::{Receiver, Sender, channel};
pub use self::semaphore::{OwnedPermit, Permit, Semaphore};

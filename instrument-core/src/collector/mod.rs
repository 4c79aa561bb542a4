//! What is known elsewhere and asked for when metrics are read: [`Collector`]s of your own, and ready ones.
//!
//! | collector | what it emits | feature |
//! |---|---|---|
//! | `Process` | time, memory, files and threads of the process | `process` |
//! | `TokioRuntime` | workers, tasks and queues of a tokio runtime; `PollTimes` measures polls | `tokio` |
//! | [`Allocator`] | what the program's allocator says of itself | |
//!
//! They are registered by [`Registry::register_collector`](crate::Registry::register_collector). The version of the program is no collector's: it is an
//! info, which [`build_info!`](crate::build_info!) registers.

mod allocator;
mod emitted;
mod emitter;
mod family;
#[cfg(feature = "tokio")]
mod poll_times;
#[cfg(feature = "process")]
mod process;
#[cfg(feature = "tokio")]
mod tokio_runtime;

pub use self::allocator::{Allocator, AllocatorStats};
pub(crate) use self::emitted::{COLLISION, Emitted, EmittedFamily};
pub use self::emitter::Emitter;
pub use self::family::{EmittedHistogram, FamilyEmitter};
#[cfg(feature = "tokio")]
pub use self::poll_times::{PollTimes, Timed};
#[cfg(feature = "process")]
pub use self::process::Process;
#[cfg(feature = "tokio")]
pub use self::tokio_runtime::TokioRuntime;

/// Emits whole families each time metrics are read: the numbers of a pool, a cache or a runtime that counts for itself.
///
/// It is given to [`Registry::register_collector`](crate::Registry::register_collector). For a single number
/// [`gauge_fn`](crate::Registry::gauge_fn) and [`counter_fn`](crate::Registry::counter_fn) are shorter.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use instrument_core::{Collector, Emitter, Registry};
///
/// #[derive(Default)]
/// struct Pool {
///     idle: AtomicU64,
///     busy: AtomicU64,
///     opened: AtomicU64,
/// }
///
/// impl Collector for Pool {
///     fn collect(&self, emitter: &mut Emitter<'_>) {
///         emitter
///             .gauge("pool_connections", "Connections, by what they do.")
///             .labelled(&[("state", "idle")], self.idle.load(Ordering::Relaxed) as f64)
///             .labelled(&[("state", "busy")], self.busy.load(Ordering::Relaxed) as f64);
///         emitter.counter("pool_opened", "Connections opened.").value(self.opened.load(Ordering::Relaxed));
///     }
/// }
///
/// let registry = Registry::new();
/// registry.register_collector(Pool { idle: 3.into(), busy: 1.into(), opened: 17.into() });
///
/// let snapshot = registry.snapshot();
/// assert_eq!(snapshot.gauge("pool_connections", &[("state", "idle")]), Some(3.0));
/// assert_eq!(snapshot.counter("pool_opened_total", &[]), Some(17));
/// ```
///
/// # What cannot be shown
///
/// The rules of names and labels are those of registered metrics, and what breaks one is left out of the read. So is a family whose
/// name a registered metric has, a series that was emitted before in the same read, and all beyond a family's
/// [greatest number of series](FamilyEmitter::max_series). Each is counted in
/// `instrument_collector_skipped_total{family="…", reason="…"}` of the same registry. Several collectors may emit series of one family.
///
/// # When it is called
///
/// Once for each read, on the thread that reads, and before the first family is shown: so it must not wait for long. It may use the
/// registry, even read it, and then sees it without what is collected; a handle that it holds keeps the registry, until it is unregistered. Reads on several threads may call it at the same time.
///
/// A collector that panics does not take the read down: what it had emitted is shown, and the panic is counted in
/// `instrument_collector_panics_total{collector="…"}`, by the name of its type. (A program that is built to abort on panics aborts.)
pub trait Collector: Send + Sync + 'static {
    /// Emits the families as they stand.
    fn collect(&self, emitter: &mut Emitter<'_>);
}

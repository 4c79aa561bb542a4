use std::sync::Arc;
use std::time::Duration;

use instrument_core::Registry;

use super::at_panic::flush_on_panic;
use super::outgoing::Outgoing;
use super::pusher::Pusher;
use super::schedule::Schedule;
use super::{StatsdExporter, run};
use crate::destination::{DEFAULT_INTERVAL, Destination};
use crate::form::Form;
use crate::telemetry::Telemetry;
use crate::transport::Transport;
use crate::worker::{self, Shared};
use crate::{Error, Flavor, HistogramForm};

/// By how much of the interval a flush is late by chance unless it is set otherwise.
const DEFAULT_JITTER: f64 = 0.1;

/// Sets up a [`StatsdExporter`].
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
/// use instrument_statsd::{Flavor, StatsdExporter};
///
/// let registry = Registry::new();
/// let exporter = StatsdExporter::builder("127.0.0.1:8125")
///     .flavor(Flavor::Etsy)
///     .registry(registry.clone())
///     .prefix("quotes")
///     .packet_bytes(512)
///     .interval(Duration::from_secs(1))
///     .jitter(0.2)
///     .flush_on_panic()
///     .max_samples(50)
///     .flush_timeout(Duration::from_millis(500))
///     .start()?;
/// exporter.shutdown();
/// # Ok::<(), instrument_statsd::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "an exporter is made by `start`"]
pub struct ExporterBuilder {
    destination: Destination,
    registry: Option<Registry>,
    interval: Duration,
    jitter: Option<f64>,
    flushes_on_panic: bool,
    histograms: Option<HistogramForm>,
    max_samples: Option<u64>,
}

impl ExporterBuilder {
    pub(super) fn new(transport: Transport) -> Self {
        Self {
            destination: Destination::new(transport),
            registry: None,
            interval: DEFAULT_INTERVAL,
            jitter: None,
            flushes_on_panic: false,
            histograms: None,
            max_samples: None,
        }
    }

    /// Sets the registry that is exported: [`Registry::global`] without it. What the exporter sends and drops is counted there too,
    /// see [`Stats`](crate::Stats).
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Puts `prefix` and a dot before every name.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.destination.prefix = prefix.into();
        self
    }

    /// Gives every line a tag, beside those of its own. Called again, it adds another.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.destination.tags.push((key.into(), value.into()));
        self
    }

    /// Gives every line the tag `host` with the name of this machine, as the system has it now. With servers behind one name, or Graphite's
    /// plaintext protocol, it keeps the gauges of several machines apart.
    pub fn host_tag(self) -> Self {
        self.tag("host", gethostname::gethostname().to_string_lossy())
    }

    /// Sets the dialect: [`Flavor::Etsy`] without it.
    pub fn flavor(mut self, flavor: Flavor) -> Self {
        self.destination.flavor = flavor;
        self
    }

    /// Sets the greatest length of a packet, headers not counted, from 64 to 65,507 bytes. Without it 1432, which fits Ethernet; 8932 to
    /// a loopback address, and 8192 there to DogStatsD, to Unix sockets and over TCP. 512 is safe where the path is unknown. Lines are
    /// packed up to it and never split.
    pub fn packet_bytes(mut self, bytes: usize) -> Self {
        self.destination.set_packet_bytes(bytes);
        self
    }

    /// Sets how long it is from one flush to the next: 10 s without it.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets by how much of the interval, from 0 to 1, a flush is late by chance, so that a fleet that was started at once does not send at
    /// once: 0.1 without it, and 0 in Graphite's dialect, where two flushes in one of its own intervals would be one too many. The mean
    /// of all intervals is the interval.
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = Some(share);
        self
    }

    /// Flushes when the process ends by a panic, even if nothing drops the exporter: it is in a `static`, or `panic = "abort"` is set. A
    /// hook does it, before those that were set earlier, for a panic of the main thread, or with `panic = "abort"` of any.
    pub fn flush_on_panic(mut self) -> Self {
        self.flushes_on_panic = true;
        self
    }

    /// Sets how histograms are sent: as samples without it, and in Graphite's dialect as percentiles.
    pub fn histograms(mut self, form: HistogramForm) -> Self {
        self.histograms = Some(form);
        self
    }

    /// Sets how many new observations of a histogram's series are sent one by one, and how many lines at most, or one more, stand for
    /// more: 20 without it. See [Histograms](StatsdExporter#histograms).
    pub fn max_samples(mut self, samples: u64) -> Self {
        self.max_samples = Some(samples);
        self
    }

    /// Sets how long [`flush`](StatsdExporter::flush), [`shutdown`](StatsdExporter::shutdown) and drop wait at most: 2 s without it.
    pub fn flush_timeout(mut self, timeout: Duration) -> Self {
        self.destination.flush_timeout = timeout;
        self
    }

    /// Starts the exporter's thread. It waits for a name server, if the address has a name in it.
    ///
    /// # Errors
    ///
    /// See [`Error`]. That nobody listens at the address is none: the server may come later.
    pub fn start(self) -> Result<StatsdExporter, Error> {
        if self.interval.is_zero() {
            return Err(Error::ZeroInterval);
        }
        let Destination { flush_timeout, flavor, .. } = self.destination;
        let packet_bytes = self.destination.packet_bytes();
        let jitter = self.jitter.unwrap_or(if flavor == Flavor::Graphite { 0.0 } else { DEFAULT_JITTER });
        if !(0.0..=1.0).contains(&jitter) {
            return Err(Error::Jitter { share: jitter });
        }
        let form = Form::new(self.histograms, self.max_samples, flavor)?;
        let naming = self.destination.naming()?;
        let link = self.destination.open()?;
        let registry = self.registry.unwrap_or_else(|| Registry::global().clone());
        let telemetry = Arc::new(Telemetry::register(&registry)?);
        let shared = Arc::new(Shared::new(()));
        let outgoing = Outgoing::new(link, packet_bytes, Arc::clone(&telemetry), worker::deadline(&shared));
        let mut pusher = Pusher::new(registry, naming, form, outgoing);
        let schedule = Schedule::new(self.interval, jitter);
        worker::start(&shared, move |shared| run(shared, &mut pusher, schedule))
            .map_err(|source| Error::Thread { source })?;
        if self.flushes_on_panic {
            flush_on_panic(&shared, flush_timeout);
        }
        Ok(StatsdExporter { shared, telemetry, transport: self.destination.transport, flush_timeout })
    }
}

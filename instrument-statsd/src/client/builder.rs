use std::sync::Arc;
use std::time::Duration;

use instrument_core::Registry;

use super::delivery::Delivery;
use super::handles::Handles;
use super::lanes::{Lanes, lane_words};
use super::sender::Sender;
use super::{Inner, StatsdClient};
use crate::delta::Naming;
use crate::destination::{DEFAULT_INTERVAL, Destination};
use crate::exporter::{Outgoing, Pusher};
use crate::form::Form;
use crate::queue::{Queue, Waiting};
use crate::telemetry::Telemetry;
use crate::transport::{Link, Transport};
use crate::{Error, Flavor, worker};

/// How long the first line of a packet waits for others unless it is set otherwise.
const DEFAULT_FLUSH_INTERVAL: Duration = Duration::from_millis(200);

/// The length of the queue unless it is set otherwise: 65,536 calls.
const DEFAULT_QUEUE_BYTES: usize = 1 << 20;

/// Sets up a [`StatsdClient`].
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::Registry;
/// use instrument_statsd::{Flavor, StatsdClient};
///
/// let registry = Registry::new();
/// let client = StatsdClient::builder("127.0.0.1:8125")
///     .flavor(Flavor::Etsy)
///     .prefix("quotes")
///     .packet_bytes(512)
///     .queue_bytes(64 << 10)
///     .flush_interval(Duration::from_millis(50))
///     .flush_timeout(Duration::from_millis(500))
///     .registry(registry.clone())
///     .build()?;
/// # Ok::<(), instrument_statsd::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    destination: Destination,
    flush_interval: Duration,
    handle_interval: Duration,
    queue_bytes: usize,
    queue_policy: QueuePolicy,
    registry: Option<Registry>,
}

impl ClientBuilder {
    pub(super) fn new(transport: Transport) -> Self {
        Self {
            destination: Destination::new(transport),
            flush_interval: DEFAULT_FLUSH_INTERVAL,
            handle_interval: DEFAULT_INTERVAL,
            queue_bytes: DEFAULT_QUEUE_BYTES,
            queue_policy: QueuePolicy::default(),
            registry: None,
        }
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

    /// Sets how long the first line of a packet waits for others: 200 ms without it.
    pub fn flush_interval(mut self, interval: Duration) -> Self {
        self.flush_interval = interval;
        self
    }

    /// Sets how often [handles](StatsdClient::counter) are sent: every 10 s without it.
    pub fn handle_interval(mut self, interval: Duration) -> Self {
        self.handle_interval = interval;
        self
    }

    /// Sets how many bytes of calls can wait to be sent: 1 MiB without it, 65,536 calls, and 8 KiB at least, or a packet. A call takes 16 bytes with a name that was said
    /// before, and otherwise 8 more than its line, in whole eights. Beside that, each thread that lives has room for 8 KiB, or a packet.
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes;
        self
    }

    /// Sets what a full queue drops, some hundred calls at a time: what comes, without it. It is counted as
    /// [`QueueFull`](crate::DropCause::QueueFull).
    pub fn queue_policy(mut self, policy: QueuePolicy) -> Self {
        self.queue_policy = policy;
        self
    }

    /// Sets how long [`flush`](StatsdClient::flush), [`shutdown`](StatsdClient::shutdown) and the drop of the last handle wait
    /// at most: 2 s without it.
    pub fn flush_timeout(mut self, timeout: Duration) -> Self {
        self.destination.flush_timeout = timeout;
        self
    }

    /// Counts what is sent and what is dropped in metrics of this registry too, see [`Stats`](crate::Stats).
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Makes the client and starts its thread. It waits for a name server, if the address has a name in it.
    ///
    /// # Errors
    ///
    /// See [`Error`]: [`ZeroInterval`](Error::ZeroInterval) too, for handles. That nobody listens at the address is none: the server may come later.
    pub fn build(self) -> Result<StatsdClient, Error> {
        self.build_on(Destination::open)
    }

    /// The same on a way to the server that `open` gives.
    pub(super) fn build_on(
        self,
        open: impl FnOnce(&Destination) -> Result<Box<dyn Link>, Error>,
    ) -> Result<StatsdClient, Error> {
        if self.handle_interval.is_zero() {
            return Err(Error::ZeroInterval);
        }
        let flush_timeout = self.destination.flush_timeout;
        let packet_bytes = self.destination.packet_bytes();
        let naming = self.destination.naming()?;
        let form = Form::new(None, None, naming.flavor)?;
        let (link, link_of_handles) = (open(&self.destination)?, self.destination.open()?);
        let telemetry = Arc::new(Telemetry::register(&self.registry.unwrap_or_default())?);
        let block_words = lane_words(packet_bytes);
        let max_words = (self.queue_bytes / size_of::<u64>()).max(block_words);
        let waiting = Waiting::new(block_words, max_words, self.queue_policy);
        let queue = Arc::new(Queue::new(waiting));
        let lanes = Arc::new(Lanes::new(packet_bytes, Arc::clone(&queue), Arc::clone(&telemetry)));
        let handles = Arc::new(Handles::new().map_err(|source| Error::Telemetry { source })?);
        let sender = Sender::new(
            Arc::clone(&lanes),
            naming.flavor,
            Delivery::new(link, Arc::clone(&telemetry), worker::deadline(&queue)),
            self.flush_interval,
            Pusher::new(
                handles.registry.clone(),
                Naming { of_handles: true, ..naming.clone() },
                form,
                // On a way of their own: what is said late about a packet must be about one of theirs.
                Outgoing::new(link_of_handles, packet_bytes, telemetry, worker::deadline(&queue)),
            ),
            self.handle_interval,
        );
        let handles_to_send = Arc::clone(&handles);
        worker::start(&queue, move |_| sender.run(&handles_to_send))
            .map_err(|source| Error::Thread { source })?;
        let Naming { flavor, prefix: name_prefix, tags, .. } = naming;
        let transport = self.destination.transport;
        let inner = Inner { lanes, handles, transport, flavor, name_prefix, flush_timeout };
        Ok(StatsdClient { inner: Arc::new(inner), tags: tags.into(), sample_rate: 1.0, pipeline: None })
    }
}

/// What a full queue drops.
///
/// ```
/// use instrument_statsd::{QueuePolicy, StatsdClient};
///
/// let client = StatsdClient::builder("127.0.0.1:8125").queue_policy(QueuePolicy::DropOldest).build()?;
/// # Ok::<(), instrument_statsd::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum QueuePolicy {
    /// What comes: the server gets the beginning of what it could not keep up with.
    #[default]
    DropNewest,
    /// What has waited for the longest: the server gets the end of it.
    DropOldest,
}

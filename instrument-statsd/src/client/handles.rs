//! Handles that are added up here, in the core's cells, and sent every interval.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use instrument_core::{
    Counter, Error, Family, Gauge, Histogram, LabelVisitor, Labels, Registry, UpDownCounter,
};

use super::StatsdClient;
use crate::DropCause;
use crate::delta::{HANDLE_NAME, HANDLE_TAGS};

/// The metrics behind the handles of a client.
#[derive(Debug)]
pub(super) struct Handles {
    pub(super) registry: Registry,
    sent: Families,
    /// Those of names that cannot be sent.
    void: Families,
    used: AtomicBool,
}

/// A family for each kind of handle: there, a name of StatsD, which can have dots, is a label.
#[derive(Debug)]
struct Families {
    counters: Family<Named, Counter>,
    up_down_counters: Family<Named, UpDownCounter>,
    gauges: Family<Named, Gauge>,
    timers: Family<Named, Histogram<Duration>>,
}

/// Name and tags as they are sent.
struct Named {
    name: String,
    tags: String,
}

impl Handles {
    pub(super) fn new() -> Result<Self, Error> {
        let registry = Registry::new();
        let (sent, void) = (Families::register(&registry)?, Families::register(&Registry::new())?);
        Ok(Self { registry, sent, void, used: AtomicBool::new(false) })
    }

    /// Whether there is a handle.
    pub(super) fn are_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

impl Families {
    fn register(registry: &Registry) -> Result<Self, Error> {
        let help = "Of a StatsD client.";
        Ok(Self {
            counters: registry.counter("counters", help).labels().register()?,
            up_down_counters: registry.up_down_counter("up_down_counters", help).labels().register()?,
            gauges: registry.gauge("gauges", help).labels().register()?,
            timers: registry.histogram("timers", help).labels().register()?,
        })
    }
}

impl StatsdClient {
    /// A counter that is added up here: it costs what a [`Counter`] costs, and its increase is sent every
    /// [`handle_interval`](super::ClientBuilder::handle_interval), on [`flush`](Self::flush) and at the end. What could not be sent is part of
    /// the next. The name is looked at once, so keep the handle. It has the tags of this client, and no sample rate.
    ///
    /// A name of which nothing is left is counted as [`BadName`](crate::DropCause::BadName) now; its handle counts in vain.
    ///
    /// The server keeps counters, gauges and timers apart, so a handle of each kind can have one name. Where two would be the same to the
    /// server, as a gauge and an up-down counter are, the name that is sent second has a number appended.
    ///
    /// There is room for 10,000 handles of a kind, by name and tags, and they stay until the client is gone. All others are one handle, which is sent under the name
    /// `__overflow__` behind the prefix.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let served = c.counter("quotes.served");
    /// for _ in 0..1_000_000 {
    ///     served.inc();
    /// }
    /// c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # let packet = &packet[..length];
    /// assert_eq!(packet, b"quotes.served:1000000|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn counter(&self, name: &str) -> Counter {
        self.handle(name, |families, named| families.counters.with(named))
    }

    /// What goes up and down, added up here and sent as a gauge, as [`counter`](Self::counter) is. In any dialect.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let open = c.up_down_counter("open");
    /// open.inc();
    /// c.flush(); // open:1|g
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"open:1|g");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn up_down_counter(&self, name: &str) -> UpDownCounter {
        self.handle(name, |families, named| families.up_down_counters.with(named))
    }

    /// A gauge that is kept here and sent as [`counter`](Self::counter) is.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let load = c.gauge_handle("load");
    /// load.set(0.7);
    /// c.flush(); // load:0.7|g
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"load:0.7|g");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn gauge_handle(&self, name: &str) -> Gauge {
        self.handle(name, |families, named| families.gauges.with(named))
    }

    /// Times that are put into buckets here and sent as weighted samples, see
    /// [Histograms](crate::StatsdExporter#histograms), as [`counter`](Self::counter) is.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let lookup = c.timer("lookup");
    /// lookup.observe(Duration::from_millis(2));
    /// let guard = lookup.start();
    /// # drop(guard);
    /// c.flush(); // lookup:2|ms and so on
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(packet[..length].iter().filter(|byte| **byte == b'\n').count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn timer(&self, name: &str) -> Histogram<Duration> {
        self.handle(name, |families, named| families.timers.with(named))
    }

    fn handle<M>(&self, name: &str, with: impl FnOnce(&Families, &Named) -> M) -> M {
        let (flavor, handles) = (self.inner.flavor, &self.inner.handles);
        let mut written = self.inner.name_prefix.clone();
        let families = if flavor.write_name(&mut written, name) {
            &handles.sent
        } else {
            self.dropped(DropCause::BadName);
            &handles.void
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let handle = with(families, &Named { name: text(&written), tags: text(&self.tags) });
        if !handles.used.swap(true, Ordering::Relaxed) {
            self.inner.lanes.queue.wake_if_it_waits();
        }
        handle
    }
}

impl Labels for Named {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        vec![HANDLE_NAME, HANDLE_TAGS]
    }

    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(&self.name);
        visitor.value(&self.tags);
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

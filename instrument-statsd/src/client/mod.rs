//! The direct client: each call is a line.

mod at_hand;
mod attention;
mod builder;
mod call;
mod calls;
mod delivery;
mod handles;
mod lane;
mod lanes;
mod own_lane;
mod packing;
mod pipeline;
mod sender;
mod template;
mod timing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::{ClientBuilder, QueuePolicy};
use self::handles::Handles;
use self::lanes::Lanes;
use self::pipeline::Gathered;
pub use self::pipeline::Pipeline;
pub use self::timing::TimingGuard;
use crate::line::Flavor;
use crate::transport::Transport;
use crate::{Error, Stats};

/// Sends what it is told, line by line.
///
/// A call notes what it says in memory of the calling thread and returns. A thread of the client's own makes lines of it, and packets, and sends
/// those when they are full, and some time after the first line at the latest, see [`ClientBuilder::flush_interval`]. So a call never waits for the
/// network, and never fails: what cannot be sent is dropped and counted, see [`stats`](Self::stats). Nor does it wait for another thread, but for a
/// moment at the first calls of a thread or with a name, and once in some hundred calls. Lines of one thread are sent in their order.
///
/// A clone is another handle on the same client. What is in the queue is sent when the last handle is dropped; a client in
/// a `static` is never dropped, so call [`shutdown`](Self::shutdown) at the end of the process. A panic that unwinds past the last handle drops it; for one that
/// nothing drops, call [`flush`](Self::flush) in a [panic hook](std::panic::set_hook).
///
/// A child process that is forked has the client, but not the thread that sends: there, `flush` and `shutdown` say `false` at once, and nothing is
/// sent. Make a client of its own in it.
///
/// ```
/// use std::net::UdpSocket;
/// use std::time::Duration;
///
/// use instrument_statsd::StatsdClient;
///
/// let server = UdpSocket::bind("127.0.0.1:0")?;
/// let c = StatsdClient::connect(server.local_addr()?)?;
/// c.incr("foo");
/// c.timing("stats.timed", Duration::from_millis(320));
/// c.flush();
///
/// let mut packet = [0; 1500];
/// let length = server.recv(&mut packet)?;
/// assert_eq!(&packet[..length], b"foo:1|c\nstats.timed:320|ms");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Names
///
/// A name is a path of nodes with dots between them. Empty nodes are left out; white space becomes `_`, `/` becomes `-`, and whatever
/// else is not a letter, a digit, `_` or `-` becomes `_`. Graphite's tags, as in `requests;route=home`, stay for Etsy's daemon and Graphite; tags of
/// the client are written before them. A name of which nothing is left is dropped and counted, and so is one that is longer than a packet.
///
/// What is said again, with its name, tags, sample rate and kind, is known from the second time on, or soon after, and takes a fifth of the time. A client knows 4096
/// of these, and forgets none.
///
/// # Tags and sample rate
///
/// They are properties of a handle: [`with_tags`](Self::with_tags) and [`with_sample_rate`](Self::with_sample_rate) give another one on
/// the same client, which is best kept, as it has written its tags once for all.
#[derive(Clone)]
pub struct StatsdClient {
    inner: Arc<Inner>,
    /// As the dialect writes them.
    tags: Arc<[u8]>,
    sample_rate: f64,
    /// Where lines go before those of the pipeline are sent. Otherwise they go to the lane of the thread.
    pipeline: Option<Arc<Gathered>>,
}

/// What all handles have in common.
struct Inner {
    lanes: Arc<Lanes>,
    handles: Arc<Handles>,
    transport: Transport,
    flavor: Flavor,
    name_prefix: Vec<u8>,
    flush_timeout: Duration,
}

impl StatsdClient {
    /// A client without a prefix and with the defaults of [`ClientBuilder`].
    ///
    /// # Errors
    ///
    /// See [`Error`]. That nobody listens at the address is none: the server may come later.
    pub fn connect(transport: impl Into<Transport>) -> Result<Self, Error> {
        Self::builder(transport).build()
    }

    /// A client, to be set up.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_statsd::StatsdClient;
    ///
    /// let c = StatsdClient::builder(address).prefix("quotes").build()?;
    /// c.incr("served"); // quotes.served:1|c
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"quotes.served:1|c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(transport: impl Into<Transport>) -> ClientBuilder {
        ClientBuilder::new(transport.into())
    }

    /// A handle whose lines have these tags, beside those of this one. A tag without a key is left out; one without a value says
    /// that something is so. What a dialect cannot have in a tag becomes `_`.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let address = server.local_addr()?;
    /// use instrument_statsd::{Flavor, StatsdClient};
    ///
    /// let c = StatsdClient::builder(address).flavor(Flavor::DogStatsD).tag("env", "prod").build()?;
    /// let french = c.with_tags([("lang", "fr")]);
    /// french.incr("served"); // served:1|c|#env:prod,lang:fr
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert_eq!(&packet[..length], b"served:1|c|#env:prod,lang:fr");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "it is another handle that has the tags"]
    pub fn with_tags<K: AsRef<str>, V: AsRef<str>>(&self, tags: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut written = self.tags.to_vec();
        for (key, value) in tags {
            self.inner.flavor.write_tag(&mut written, key.as_ref(), value.as_ref());
        }
        Self { tags: written.into(), ..self.clone() }
    }

    /// A handle that sends a share of its calls, chosen by chance. The lines say the share, and so the server counts each for
    /// several. Gauges and sets, where one line cannot stand for others, are always sent.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let sampled = c.with_sample_rate(0.5)?;
    /// for _ in 0..100 {
    ///     sampled.incr("hits"); // hits:1|c|@0.5, about 50 times
    /// }
    /// # c.flush();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # assert!(packet[..length].starts_with(b"hits:1|c|@0.5"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::SampleRate`] for a rate that is not above 0 and at most 1.
    pub fn with_sample_rate(&self, rate: f64) -> Result<Self, Error> {
        if rate > 0.0 && rate <= 1.0 {
            Ok(Self { sample_rate: rate, ..self.clone() })
        } else {
            Err(Error::SampleRate { rate })
        }
    }

    /// Waits until all that was recorded before is handed to the network, for as long as
    /// [`flush_timeout`](ClientBuilder::flush_timeout) at most. Says whether it was in time.
    pub fn flush(&self) -> bool {
        self.inner.lanes.queue.flush(self.inner.flush_timeout)
    }

    /// Sends what is in the queue and ends the client, for all handles: what is recorded later is dropped and counted. Waits as
    /// [`flush`](Self::flush) does. Says whether it was in time.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// c.incr("served");
    /// assert!(c.shutdown());
    /// c.incr("too_late");
    /// assert_eq!(c.stats().sent_lines, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown(&self) -> bool {
        self.inner.lanes.close();
        self.inner.lanes.queue.close(self.inner.flush_timeout)
    }

    /// What was sent so far, and what was dropped.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.inner.lanes.telemetry.stats()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.lanes.queue.close(self.flush_timeout);
    }
}

impl fmt::Debug for StatsdClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatsdClient").field("transport", &self.inner.transport).finish_non_exhaustive()
    }
}

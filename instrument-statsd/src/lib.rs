//! StatsD for services that cannot afford to wait: a direct client, and an exporter of a whole registry.
//!
//! StatsD is a line of text in a UDP packet. The server adds up what comes in, and every few seconds hands counts, gauges and
//! percentiles on, to Graphite as a rule. Nothing is installed in a service but a socket, and a server that is gone is noticed
//! by nobody but its own dashboards.
//!
//! The client says what happens, as it happens:
//!
//! ```
//! use std::net::UdpSocket;
//! use std::time::Duration;
//!
//! use instrument_statsd::StatsdClient;
//!
//! let server = UdpSocket::bind("127.0.0.1:0")?; // Etsy's daemon, say
//!
//! let c = StatsdClient::connect(server.local_addr()?)?;
//! c.incr("foo");
//! c.timing("stats.timed", Duration::from_millis(320));
//! c.flush();
//!
//! let mut packet = [0; 1500];
//! let length = server.recv(&mut packet)?;
//! assert_eq!(&packet[..length], b"foo:1|c\nstats.timed:320|ms");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The exporter pushes what a [`Registry`](instrument_core::Registry) has counted, the one that Prometheus scrapes as well:
//!
//! ```
//! # use std::net::UdpSocket;
//! use std::time::Duration;
//!
//! use instrument_core::Registry;
//! use instrument_statsd::StatsdExporter;
//!
//! # let server = UdpSocket::bind("127.0.0.1:0")?;
//! # let address = server.local_addr()?;
//! let registry = Registry::new();
//! let served = registry.counter("quotes_served", "Quotations served.").register()?;
//! let lookup = registry.histogram::<Duration>("lookup", "Time to look up a quotation.").register()?;
//!
//! let exporter = StatsdExporter::builder(address).registry(registry.clone()).prefix("app").start()?;
//! served.inc_by(3);
//! lookup.observe(Duration::from_millis(2));
//! exporter.shutdown(); // A last flush. There is one every 10 seconds.
//!
//! # let mut packet = [0; 1500];
//! # let length = server.recv(&mut packet)?;
//! # let packet = &packet[..length];
//! assert_eq!(packet, b"app.lookup_ms:2|ms\napp.quotes_served:3|c");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to use
//!
//! | for | use |
//! |---|---|
//! | what happens now, one line a call | [`StatsdClient`], set up by [`ClientBuilder`] |
//! | all metrics of a registry, every interval | [`StatsdExporter`], set up by [`ExporterBuilder`] |
//! | what happens very often, added up before it is sent | [`StatsdClient::counter`], [`up_down_counter`](StatsdClient::up_down_counter), [`timer`](StatsdClient::timer) |
//! | lines that are sent together | [`Pipeline`] |
//! | how long something takes | [`StatsdClient::time`], [`StatsdClient::time_async`], [`TimingGuard`] |
//! | what a full queue drops | [`QueuePolicy`] |
//! | the dialect of the server | [`Flavor`] |
//! | what becomes of a histogram | [`HistogramForm`] |
//! | the way to the server | [`Transport`] |
//! | what was sent, and what was dropped and why | [`Stats`], [`DropCause`] |
//! | why something could not be set up | [`Error`] |
//!
//! What happens a hundred thousand times a second belongs in a [`Counter`](instrument_core::Counter), exported or made by
//! [`StatsdClient::counter`]: a line for each call is more than servers like to read.
//!
//! # What can be relied on
//!
//! - No call waits for the network, fails or panics. What is said goes into memory of the calling thread, and from there through a bounded queue to a
//!   thread of the client's own. No async runtime is needed, and none is in the way.
//! - A server that is gone, hangs or moves is tried again, and its name is resolved again, by that thread alone.
//! - Lines are packed up to the greatest length of a packet, 1432 bytes over Ethernet unless it is set otherwise, and never split.
//! - What is dropped is counted by cause: in [`Stats`], and in metrics of a registry.
//! - The deltas of an exported counter add up to the counter. One that could not be sent is part of the next.
//! - Names arrive as they were sent: what Etsy's daemon and Graphite would replace or drop is replaced before. Datadog turns `-` in a name into `_` on top of that.
//!
//! # In a manifest
//!
//! Not on crates.io yet. Depend on a clone of the repository:
//!
//! ```toml
//! instrument-statsd = { path = "../instrument/instrument-statsd" }
//! ```
//!
//! # Features
//!
//! None. The dialect is that of Etsy's daemon unless another is chosen, and the transport is UDP unless the address says another, as in `unixgram:///run/statsd.sock`.

mod block;
mod client;
mod delta;
mod destination;
mod error;
mod exporter;
mod form;
mod line;
mod packet;
mod queue;
mod samples;
mod sync;
mod telemetry;
mod transport;
mod weights;
mod worker;

pub use crate::client::{ClientBuilder, Pipeline, QueuePolicy, StatsdClient, TimingGuard};
pub use crate::error::Error;
pub use crate::exporter::{ExporterBuilder, StatsdExporter};
pub use crate::form::HistogramForm;
pub use crate::line::Flavor;
pub use crate::telemetry::{DropCause, Stats};
pub use crate::transport::Transport;

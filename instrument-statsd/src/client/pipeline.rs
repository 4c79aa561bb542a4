use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StatsdClient;
use super::lane::{Lanes, Record};
use crate::DropCause;

/// Lines that are sent together, in as few packets as they fit in, and not among those of others.
///
/// It is a client whose calls wait for [`send`](Self::send). Lines that fill a packet go at once; so does the rest when the pipeline is
/// dropped. Handles that were made from it, by [`with_tags`](StatsdClient::with_tags) or as clones, are part of it until then, and
/// like others of the client later. Made by [`StatsdClient::pipeline`].
pub struct Pipeline {
    client: StatsdClient,
    gathered: Arc<Gathered>,
}

/// The packet that a pipeline fills. Nothing once it is sent.
#[derive(Debug)]
pub(super) struct Gathered(Mutex<Option<Vec<u8>>>);

impl Gathered {
    /// Adds a record to the packet, or to the lane of the thread once that is sent.
    #[inline(never)]
    pub(super) fn push(&self, lanes: &Arc<Lanes>, record: &impl Record) -> Result<(), DropCause> {
        match &mut *self.lock() {
            Some(_) if lanes.is_closed() => Err(DropCause::Closed),
            Some(packet) => lanes.add(packet, record).map(drop),
            None => lanes.push(record),
        }
    }

    fn send(&self, lanes: &Lanes) {
        if let Some(mut packet) = self.lock().take().filter(|packet| !packet.is_empty()) {
            lanes.queue.push(&mut packet, &lanes.telemetry);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StatsdClient {
    /// Begins a pipeline, with the tags and the sample rate of this handle.
    ///
    /// ```
    /// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
    /// # let c = instrument_statsd::StatsdClient::connect(server.local_addr()?)?;
    /// let pipeline = c.pipeline();
    /// pipeline.incr("requests");
    /// c.incr("other");
    /// pipeline.gauge("load", 0.7);
    /// pipeline.send();
    /// # let mut packet = [0; 1500];
    /// # let length = server.recv(&mut packet)?;
    /// # let packet = &packet[..length];
    /// assert_eq!(packet, b"requests:1|c\nload:0.7|g");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "the pipeline sends what it is told, not this client"]
    pub fn pipeline(&self) -> Pipeline {
        let packet = Vec::with_capacity(self.inner.lanes.packet_bytes());
        let gathered = Arc::new(Gathered(Mutex::new(Some(packet))));
        Pipeline { client: Self { pipeline: Some(Arc::clone(&gathered)), ..self.clone() }, gathered }
    }
}

impl Pipeline {
    /// Hands the lines to the thread that sends, without waiting for it.
    pub fn send(self) {
        drop(self);
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.gathered.send(&self.client.inner.lanes);
    }
}

impl Deref for Pipeline {
    type Target = StatsdClient;

    fn deref(&self) -> &StatsdClient {
        &self.client
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("client", &self.client).finish_non_exhaustive()
    }
}

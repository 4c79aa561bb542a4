use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StatsdClient;
use super::call::Call;
use super::lanes::Lanes;
use crate::DropCause;
use crate::block::push_text;
use crate::line::Value;
use crate::packet::Packet;

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
pub(super) struct Gathered(Mutex<Option<Packet>>);

impl Gathered {
    /// Adds a record to the packet, or to the lane of the thread once that is sent.
    #[cold]
    pub(super) fn push<'v>(&self, call: &Call<'_, impl Fn() -> Value<'v>>) -> Result<(), DropCause> {
        let lanes = &call.client.inner.lanes;
        match &mut *self.lock() {
            Some(_) if lanes.is_closed() => Err(DropCause::Closed),
            Some(packet) => packet.add(|out| call.write(out), |packet| hand_over(packet, lanes)),
            None => lanes.push(call),
        }
    }

    fn send(&self, lanes: &Lanes) {
        if let Some(mut packet) = self.lock().take() {
            packet.send_rest(|packet| hand_over(packet, lanes));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Packet>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a packet to the queue, as lines that stay together.
fn hand_over(packet: &[u8], lanes: &Lanes) {
    let mut block = Vec::new();
    push_text(&mut block, packet);
    lanes.queue.push_urgently(&mut block, &lanes.telemetry);
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
        let packet = Packet::new(self.inner.lanes.packet_bytes());
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

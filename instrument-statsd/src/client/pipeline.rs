use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::StatsdClient;
use super::lane::Lane;

/// Lines that are sent together, in as few packets as they fit in, and not among those of others.
///
/// It is a client whose calls wait for [`send`](Self::send). Lines that fill a packet go at once; so does the rest when the pipeline is
/// dropped. Made by [`StatsdClient::pipeline`].
pub struct Pipeline {
    client: StatsdClient,
    lane: Arc<Lane>,
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
        let lane = Arc::new(Lane::new(self.inner.lanes.packet_bytes()));
        Pipeline { client: Self { lane: Some(Arc::clone(&lane)), ..self.clone() }, lane }
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
        self.lane.send(&self.client.inner.lanes);
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

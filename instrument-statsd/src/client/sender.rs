use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delivery::Delivery;
use super::handles::Handles;
use super::lanes::Lanes;
use super::packing::Packing;
use crate::block::{Record, records};
use crate::exporter::Pusher;
use crate::packet::lines;
use crate::queue::Waiting;
use crate::telemetry::Telemetry;
use crate::worker::Turn;
use crate::{DropCause, Flavor};

/// As good as never, and can be added to any moment.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The work of the client's thread.
pub(super) struct Sender {
    lanes: Arc<Lanes>,
    delivery: Delivery,
    packing: Packing,
    flush_interval: Duration,
    /// When lines that do not fill a packet are sent. Nothing, if there are none.
    flush_at: Option<Instant>,
    handles: Pusher,
    handle_interval: Duration,
    /// When handles are sent. Nothing, if there are none.
    push_at: Option<Instant>,
}

impl Sender {
    pub(super) fn new(
        lanes: Arc<Lanes>,
        flavor: Flavor,
        delivery: Delivery,
        flush_interval: Duration,
        handles: Pusher,
        handle_interval: Duration,
    ) -> Self {
        let packing = Packing::new(flavor, lanes.packet_bytes());
        let flush_interval = flush_interval.min(LONGEST);
        let handle_interval = handle_interval.min(LONGEST);
        Self {
            lanes,
            delivery,
            packing,
            flush_interval,
            flush_at: None,
            handles,
            handle_interval,
            push_at: None,
        }
    }

    pub(super) fn run(mut self, handles: &Handles) {
        loop {
            let turn = self.wait(handles);
            let now = Instant::now();
            let is_due =
                |moment: Option<Instant>| turn.is_some() || moment.is_some_and(|moment| moment <= now);
            if turn.is_some_and(|turn| turn.closing) {
                self.lanes.close();
            }
            let is_flush = is_due(self.flush_at);
            if is_flush {
                self.flush_at = None;
                self.lanes.take_all();
            }
            if turn.is_some_and(|turn| turn.closing) {
                self.lanes.queue.lock().content.seal();
            }
            self.send(is_flush);
            if is_due(self.push_at) && handles.are_used() {
                self.push_at = None;
                self.handles.flush();
            }
            if self.push_at.is_none() && handles.are_used() {
                self.push_at = Some(now + self.handle_interval);
            }
            if let Some(turn) = turn {
                self.lanes.queue.done(turn);
                if turn.closing {
                    self.delivery.end();
                    self.handles.end();
                    return;
                }
            }
        }
    }

    /// Waits until there is something to do. Returns what was asked for, if something was.
    fn wait(&mut self, handles: &Handles) -> Option<Turn> {
        let (knows, knows_handles) = (self.flush_at.is_some(), self.push_at.is_some());
        let until = self.flush_at.into_iter().chain(self.push_at).min();
        let ready = |waiting: &Waiting| {
            waiting.has_blocks()
                || waiting.is_urgent()
                || waiting.has_begun() && !knows
                || handles.are_used() && !knows_handles
        };
        let state = self.lanes.queue.wait(until, ready);
        if state.content.has_begun() && !knows {
            self.flush_at = Some(Instant::now() + self.flush_interval);
        }
        state.is_asked().then(|| state.turn())
    }

    /// Sends the lines of all blocks; but those that do not fill a packet only on a flush, or if somebody wants them sent.
    fn send(&mut self, is_flush: bool) {
        let Self { lanes, delivery, packing, .. } = self;
        let urgent = lanes.queue.take_all(|block| {
            let mut rest = Rest { block: records(block), telemetry: &lanes.telemetry };
            for (record, _) in rest.block.by_ref() {
                packing.add(record, &lanes.templates, |packet| delivery.send(packet));
            }
        });
        if is_flush || urgent {
            packing.send_rest(|packet| delivery.send(packet));
        } else if !packing.is_empty() && self.flush_at.is_none() {
            self.flush_at = Some(Instant::now() + self.flush_interval);
        }
    }
}

/// What of a block is not packed yet. Counts it when the thread breaks.
struct Rest<'t, B: Iterator<Item = (Record<'t>, u64)>> {
    block: B,
    telemetry: &'t Telemetry,
}

impl<'t, B: Iterator<Item = (Record<'t>, u64)>> Drop for Rest<'t, B> {
    fn drop(&mut self) {
        let lines = self.block.by_ref().map(|(_, lines)| lines).sum();
        self.telemetry.dropped(DropCause::Closed, lines);
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.lanes.close();
        self.lanes.take_all();
        let telemetry = &self.lanes.telemetry;
        self.packing.send_rest(|packet| telemetry.dropped(DropCause::Closed, lines(packet)));
        self.lanes.queue.end(telemetry);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc;
    use std::time::Duration;

    use crate::block::push_text;
    use crate::transport::Link;
    use crate::{DropCause, StatsdClient};

    #[test]
    fn a_block_that_nobody_has_announced_is_sent() {
        let server = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let client = StatsdClient::builder(server.local_addr().unwrap());
        let client = client.flush_interval(Duration::from_millis(1)).build().unwrap();
        // As a thread does that had it in hand while the others were taken.
        let mut block = Vec::new();
        push_text(&mut block, b"a:1|c");
        client.inner.lanes.queue.push(&mut block, &client.inner.lanes.telemetry);
        let mut packet = [0; 100];
        assert_eq!(server.recv(&mut packet).unwrap(), 5);
    }

    /// Breaks when it is used, once it is told to.
    struct Broken {
        used: mpsc::Sender<()>,
        breaks: mpsc::Receiver<()>,
    }

    impl Link for Broken {
        fn send(&mut self, _: &[u8]) -> io::Result<()> {
            self.used.send(()).unwrap();
            self.breaks.recv().unwrap();
            panic!("as a link should not");
        }

        fn late_error(&mut self) -> Option<io::Error> {
            None
        }
    }

    #[test]
    fn what_nobody_sends_any_more_is_counted() {
        let ((used, is_used), (go, breaks)) = (mpsc::channel(), mpsc::channel());
        let client = StatsdClient::builder("127.0.0.1:8125").flush_interval(Duration::from_millis(1));
        let client = client.packet_bytes(100).build_on(|_| Ok(Box::new(Broken { used, breaks }))).unwrap();
        // Of one block, many packets.
        let say = |name| (0..100).for_each(|_| client.incr(name));
        say("before");
        is_used.recv().unwrap();
        say("meanwhile");
        go.send(()).unwrap();
        assert!(!client.flush(), "there is nobody to flush");
        say("after");
        assert_eq!(client.stats().dropped_lines(DropCause::Closed), 300, "{:?}", client.stats());
    }
}

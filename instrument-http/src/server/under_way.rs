use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};
use tokio::time::{Instant, Sleep, sleep_until};

#[cfg(feature = "http2")]
use super::limits::Limits;
use crate::{BrokenPage, MetricsBody};

/// How long a connection is left in peace: for who has just come to ask, and for what was answered to be on its way.
const GRACE: Duration = Duration::from_millis(250);

/// How many requests and answers of a connection have not come to their end.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Connection>);

#[derive(Debug, Default)]
struct Connection {
    state: watch::Sender<State>,
    /// Who gets the place of this connection, for whom it gives way.
    successor: Mutex<Option<oneshot::Sender<OwnedSemaphorePermit>>>,
}

#[derive(Debug, Clone)]
pub(super) struct State {
    /// When each of them has begun, the oldest first.
    begun: Vec<Instant>,
    /// How many requests have no answer yet.
    asked: usize,
    /// Whether the system has not taken all that was written.
    writes: bool,
    /// Since when nothing goes on.
    idle_since: Instant,
    gives_way: bool,
    /// When the last of them is of no use any more, if that is known of all. It stays when they have ended, as what they were may still be on its way.
    pub(super) due: Option<Instant>,
}

impl State {
    /// Since when the oldest answer is under way, if there is one, or since when there is none.
    #[cfg(feature = "http2")]
    pub(super) fn since(&self) -> (bool, Instant) {
        self.begun.first().map_or((false, self.idle_since), |oldest| (true, *oldest))
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            begun: Vec::new(),
            asked: 0,
            writes: false,
            idle_since: Instant::now(),
            gives_way: false,
            due: None,
        }
    }
}

impl State {
    /// Whether nothing goes on, and has not for a while.
    fn can_give_way(&self) -> bool {
        self.begun.is_empty()
            && self.asked == 0
            && !self.writes
            && !self.gives_way
            && self.idle_since.elapsed() >= GRACE
    }
}

impl UnderWay {
    /// A request is there, whose answer begins before what this gives is dropped.
    pub(super) fn ask(&self) -> Asked {
        self.0.state.send_modify(|state| state.asked += 1);
        Asked(self.clone())
    }

    /// Says whether the system has not taken all that was written.
    pub(super) fn set_writes(&self, writes: bool) {
        self.0.state.send_if_modified(|state| {
            state.writes = writes;
            state.idle_since = Instant::now();
            false
        });
    }

    /// Since when nothing was asked or answered, if the connection can give way.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.0.state.borrow();
        state.can_give_way().then_some(state.idle_since)
    }

    /// Has the connection end if it can. Gives its place, which is to come.
    pub(super) fn give_way(&self) -> Option<oneshot::Receiver<OwnedSemaphorePermit>> {
        let (sender, place) = oneshot::channel();
        // Locked for as long as both are not set: who leaves looks at it.
        let mut successor = self.successor();
        let gives_way = self.0.state.send_if_modified(|state| {
            let begins = state.can_give_way();
            state.gives_way |= begins;
            begins
        });
        gives_way.then(|| {
            *successor = Some(sender);
            place
        })
    }

    /// Waits until the connection has to end for another.
    pub(super) async fn gives_way(&self) {
        // There is a sender as long as there is this.
        let _ = self.0.state.subscribe().wait_for(|state| state.gives_way).await;
    }

    /// The connection has ended, and its place is free, or another's.
    pub(super) fn leave(&self, place: OwnedSemaphorePermit) {
        let mut successor = self.successor();
        self.0.state.send_if_modified(|state| {
            state.gives_way = true; // to nobody any more
            false
        });
        if let Some(successor) = successor.take() {
            let _ = successor.send(place); // frees it if the other is gone
        }
    }

    fn successor(&self) -> MutexGuard<'_, Option<oneshot::Sender<OwnedSemaphorePermit>>> {
        self.0.successor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// One more, until what this gives is dropped.
    pub(super) fn begin(&self) -> Begun {
        let now = Instant::now();
        self.0.state.send_modify(|state| {
            if state.begun.is_empty() {
                state.due = None;
            }
            state.begun.push(now);
        });
        Begun { under_way: self.clone(), at: now }
    }

    /// One that has begun then is at its end.
    fn end(&self, begun: Instant) {
        self.0.state.send_modify(|state| {
            if let Some(index) = state.begun.iter().position(|one| *one == begun) {
                state.begun.remove(index);
            }
            if state.begun.is_empty() {
                state.idle_since = Instant::now();
            }
        });
    }

    pub(super) fn is_any(&self) -> bool {
        !self.0.state.borrow().begun.is_empty()
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.0.state.borrow().due
    }

    /// Waits until the connection has been idle, or busy, for too long.
    #[cfg(feature = "http2")]
    pub(super) async fn overdue(&self, limits: Limits) {
        let mut changes = self.0.state.subscribe();
        loop {
            let deadline = limits.deadline(&changes.borrow_and_update());
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return;
            }
        }
    }
}

/// A request without an answer yet.
#[derive(Debug)]
pub(super) struct Asked(UnderWay);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.0.state.send_modify(|state| {
            state.asked -= 1;
            state.idle_since = Instant::now();
        });
    }
}

/// An answer that is under way.
#[derive(Debug)]
pub(super) struct Begun {
    under_way: UnderWay,
    at: Instant,
}

impl Begun {
    /// The body, with which it ends.
    pub(super) fn with(self, body: MetricsBody) -> TimedBody {
        let due = body.due();
        self.under_way.0.state.send_modify(|state| {
            let is_alone = state.begun.len() == 1;
            state.due = if is_alone { due } else { state.due.zip(due).map(|(one, other)| one.max(other)) };
        });
        TimedBody { body, due: due.map(|due| Box::pin(sleep_until(due))), _begun: self }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.under_way.end(self.at);
    }
}

/// The body of an answer that is under way, which breaks off when it is of no use any more.
#[derive(Debug)]
pub(super) struct TimedBody {
    body: MetricsBody,
    due: Option<Pin<Box<Sleep>>>,
    _begun: Begun,
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = BrokenPage;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenPage>>> {
        if let Some(due) = &mut self.due
            && due.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Some(Err(BrokenPage::late())));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

#[cfg(feature = "http2")]
use super::limits::Limits;
use crate::{BrokenPage, MetricsBody};

/// How many answers of a connection have not come to their end.
#[derive(Debug, Clone)]
pub(super) struct UnderWay(Arc<watch::Sender<State>>);

#[derive(Debug, Clone)]
pub(super) struct State {
    /// When each of them has begun, the oldest first.
    begun: Vec<Instant>,
    /// Since when there are none.
    idle_since: Instant,
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

impl Default for UnderWay {
    fn default() -> Self {
        let state = State { begun: Vec::new(), idle_since: Instant::now(), due: None };
        Self(Arc::new(watch::Sender::new(state)))
    }
}

impl UnderWay {
    /// One more, until what this gives is dropped.
    pub(super) fn begin(&self) -> Begun {
        let now = Instant::now();
        self.0.send_modify(|state| {
            if state.begun.is_empty() {
                state.due = None;
            }
            state.begun.push(now);
        });
        Begun { under_way: self.clone(), at: now }
    }

    /// One that has begun then is at its end.
    fn end(&self, begun: Instant) {
        self.0.send_modify(|state| {
            if let Some(index) = state.begun.iter().position(|one| *one == begun) {
                state.begun.remove(index);
            }
            if state.begun.is_empty() {
                state.idle_since = Instant::now();
            }
        });
    }

    pub(super) fn is_any(&self) -> bool {
        !self.0.borrow().begun.is_empty()
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.0.borrow().due
    }

    /// Waits until the connection has been idle, or busy, for too long.
    #[cfg(feature = "http2")]
    pub(super) async fn overdue(&self, limits: Limits) {
        let mut changes = self.0.subscribe();
        loop {
            let deadline = limits.deadline(&changes.borrow_and_update());
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return;
            }
        }
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
        self.under_way.0.send_modify(|state| {
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

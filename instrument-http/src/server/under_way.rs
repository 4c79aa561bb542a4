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

#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) answers: usize,
    /// Since when there are any, or none.
    pub(super) since: Instant,
    /// When the last of them is of no use any more, if that is known of all. It stays when they have ended, as what they were may still be on its way.
    pub(super) due: Option<Instant>,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(State { answers: 0, since: Instant::now(), due: None })))
    }
}

impl UnderWay {
    /// One more, until what this gives is dropped.
    pub(super) fn begin(&self) -> Begun {
        self.0.send_modify(|state| {
            if state.answers == 0 {
                *state = State { answers: 0, since: Instant::now(), due: None };
            }
            state.answers += 1;
        });
        Begun(self.clone())
    }

    fn end(&self) {
        self.0.send_modify(|state| {
            state.answers -= 1;
            if state.answers == 0 {
                state.since = Instant::now();
            }
        });
    }

    pub(super) fn is_any(&self) -> bool {
        self.state().answers > 0
    }

    pub(super) fn state(&self) -> State {
        *self.0.borrow()
    }

    /// Waits until the connection has been idle, or busy, for too long.
    #[cfg(feature = "http2")]
    pub(super) async fn overdue(&self, limits: Limits) {
        let mut changes = self.0.subscribe();
        loop {
            let deadline = limits.deadline(*changes.borrow_and_update());
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return;
            }
        }
    }
}

/// An answer that is under way.
#[derive(Debug)]
pub(super) struct Begun(UnderWay);

impl Begun {
    /// The body, with which it ends.
    pub(super) fn with(self, body: MetricsBody) -> TimedBody {
        let due = body.due();
        self.0.0.send_modify(|state| {
            state.due =
                if state.answers == 1 { due } else { state.due.zip(due).map(|(one, other)| one.max(other)) };
        });
        TimedBody { body, due: due.map(|due| Box::pin(sleep_until(due))), _begun: self }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.end();
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

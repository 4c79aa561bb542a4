use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use crate::{BrokenPage, MetricsBody};

/// How many answers of a connection have not come to their end.
#[derive(Debug, Clone)]
pub(super) struct UnderWay(Arc<Mutex<State>>);

#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) answers: usize,
    /// Since when there are any, or none.
    pub(super) since: Instant,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State { answers: 0, since: Instant::now() })))
    }
}

impl UnderWay {
    /// One more, until what this gives is dropped.
    pub(super) fn begin(&self) -> Begun {
        self.change(|answers| answers + 1);
        Begun(self.clone())
    }

    pub(super) fn is_any(&self) -> bool {
        self.state().answers > 0
    }

    pub(super) fn state(&self) -> State {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, to: impl FnOnce(usize) -> usize) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = to(state.answers);
        if (answers == 0) != (state.answers == 0) {
            state.since = Instant::now();
        }
        state.answers = answers;
    }
}

/// An answer that is under way.
#[derive(Debug)]
pub(super) struct Begun(UnderWay);

impl Begun {
    /// The body, with which it ends.
    pub(super) fn with(self, body: MetricsBody) -> CountedBody {
        CountedBody { body, _begun: self }
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.change(|answers| answers - 1);
    }
}

#[derive(Debug)]
pub(super) struct CountedBody {
    body: MetricsBody,
    _begun: Begun,
}

impl Body for CountedBody {
    type Data = Bytes;
    type Error = BrokenPage;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenPage>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

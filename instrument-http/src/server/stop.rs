use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

/// Stops all that goes on until it is [`Stopped`], when it is dropped.
#[derive(Debug)]
pub(super) struct Stop {
    _sender: watch::Sender<()>,
}

/// Knows when to stop.
#[derive(Debug, Clone)]
pub(super) struct Stopped {
    receiver: watch::Receiver<()>,
}

impl Stop {
    pub(super) fn new() -> (Self, Stopped) {
        let (sender, receiver) = watch::channel(());
        (Self { _sender: sender }, Stopped { receiver })
    }
}

impl Stopped {
    /// What `work` comes to, or nothing when it is time to stop first.
    pub(super) async fn or<W: Future>(&mut self, work: W) -> Option<W::Output> {
        // Nothing is ever sent: it resolves when the sender is dropped.
        unless(self.receiver.changed(), work).await
    }
}

/// What `work` comes to, or nothing when `end` comes first.
pub(super) async fn unless<W: Future>(end: impl Future, work: W) -> Option<W::Output> {
    let mut work = pin!(work);
    let mut end = pin!(end);
    poll_fn(|cx| match end.as_mut().poll(cx) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(cx).map(Some),
    })
    .await
}

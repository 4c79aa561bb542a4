use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::BrokenPage;
use super::chunks::{Chunks, Written};

/// The rest of a page, of which the next chunk is written while the one before is sent.
#[derive(Debug)]
pub(crate) struct Ahead {
    next: Next,
    runtime: Option<Handle>,
}

#[derive(Debug)]
enum Next {
    /// Being written.
    Written(JoinHandle<Written>),
    /// To be written when it is asked for, as there are no threads for it.
    OnTheSpot(Box<Chunks>),
    /// There is none.
    End,
}

impl Ahead {
    pub(super) fn new(chunks: Chunks, runtime: Option<Handle>) -> Self {
        Self { next: Next::after(chunks, runtime.as_ref()), runtime }
    }

    /// The next chunk, or nothing at the end.
    pub(in crate::scrape) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        let written = match &mut self.next {
            Next::Written(writing) => ready!(Pin::new(writing).poll(cx)).unwrap_or(Err(BrokenPage::new())),
            next => match std::mem::replace(next, Next::End) {
                Next::OnTheSpot(chunks) => chunks.next(),
                _ => return Poll::Ready(None),
            },
        };
        let (chunk, rest) = match written {
            Ok((chunk, rest)) => (Ok(chunk), rest),
            Err(broken) => (Err(broken), None),
        };
        self.next = rest.map_or(Next::End, |chunks| Next::after(chunks, self.runtime.as_ref()));
        Poll::Ready(Some(chunk))
    }

    /// Whether there is nothing more to come.
    pub(in crate::scrape) fn is_at_end(&self) -> bool {
        matches!(self.next, Next::End)
    }
}

impl Next {
    fn after(chunks: Chunks, runtime: Option<&Handle>) -> Self {
        match runtime {
            Some(runtime) => Self::Written(runtime.spawn_blocking(move || chunks.next())),
            None => Self::OnTheSpot(Box::new(chunks)),
        }
    }
}

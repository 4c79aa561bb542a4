use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use instrument_core::Registry;

use crate::BrokenPage;
use crate::negotiate::Wanted;
use crate::scrape::chunks::Chunks;

/// A page, as far as it is written, and who waits for more of it.
#[derive(Debug, Default)]
pub(super) struct SharedPage(Mutex<Written>);

#[derive(Debug, Default)]
struct Written {
    chunks: Vec<Bytes>,
    end: Option<End>,
    waiting: Vec<Waker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Broken,
}

/// Writes the page. One that is dropped before the end, as when the runtime stops or an encoder panics, leaves it broken.
pub(super) struct Writer(Arc<SharedPage>);

impl SharedPage {
    pub(super) fn new() -> (Arc<Self>, Writer) {
        let page = Arc::new(Self::default());
        (Arc::clone(&page), Writer(page))
    }

    /// The chunk at an index, when it is there; nothing behind the last.
    pub(super) fn poll_chunk(
        &self,
        index: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        let mut written = self.written();
        match (written.chunks.get(index), written.end) {
            (Some(chunk), _) => Poll::Ready(Some(Ok(chunk.clone()))),
            (None, Some(End::Whole)) => Poll::Ready(None),
            (None, Some(End::Broken)) => Poll::Ready(Some(Err(BrokenPage::new()))),
            (None, None) => {
                if !written.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
                    written.waiting.push(cx.waker().clone());
                }
                Poll::Pending
            }
        }
    }

    /// Whether it is known that there are so many chunks.
    pub(super) fn has_ended_at(&self, chunks: usize) -> bool {
        let written = self.written();
        written.end == Some(End::Whole) && written.chunks.len() <= chunks
    }

    /// Whether nothing of it is there yet.
    pub(super) fn is_beginning(&self) -> bool {
        let written = self.written();
        written.end.is_none() && written.chunks.is_empty()
    }

    pub(super) fn is_broken(&self) -> bool {
        self.written().end == Some(End::Broken)
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Written)) {
        let mut written = self.written();
        change(&mut written);
        let waiting = std::mem::take(&mut written.waiting);
        drop(written);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Writer {
    pub(super) fn write(self, registry: &Registry, wanted: Wanted) {
        let mut next = Chunks::begin(registry, wanted);
        // What fails leaves the page broken, by the drop.
        while let Ok((chunk, rest)) = next {
            self.0.change(|written| {
                written.chunks.push(chunk);
                written.end = rest.is_none().then_some(End::Whole);
            });
            let Some(rest) = rest else { return };
            next = rest.next();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.change(|written| {
            written.end.get_or_insert(End::Broken);
        });
    }
}

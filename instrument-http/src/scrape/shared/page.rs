use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use instrument_core::Registry;

use crate::BrokenPage;
use crate::negotiate::Wanted;
use crate::scrape::chunks::Chunks;

/// A page, as far as it is written, and who reads it.
#[derive(Debug, Default)]
pub(super) struct SharedPage(Mutex<Written>);

#[derive(Debug, Default)]
struct Written {
    chunks: Vec<Bytes>,
    end: Option<End>,
    /// By their numbers, with what wakes those that wait for more.
    readers: BTreeMap<u64, Option<Waker>>,
    next_reader: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Broken,
}

/// Writes the page, for as long as it has readers. One that is dropped before the end, as when the runtime stops or an encoder panics, leaves it broken.
pub(super) struct Writer(Arc<SharedPage>);

impl SharedPage {
    pub(super) fn new() -> (Arc<Self>, Writer) {
        let page = Arc::new(Self::default());
        (Arc::clone(&page), Writer(page))
    }

    /// The number of a new reader, unless the page is broken.
    pub(super) fn join(&self) -> Option<u64> {
        let mut written = self.written();
        if written.end == Some(End::Broken) {
            return None;
        }
        let number = written.next_reader;
        written.next_reader += 1;
        written.readers.insert(number, None);
        Some(number)
    }

    pub(super) fn leave(&self, reader: u64) {
        self.written().readers.remove(&reader);
    }

    /// The chunk at an index for a reader, when it is there; nothing behind the last.
    pub(super) fn poll_chunk(
        &self,
        reader: u64,
        index: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        let mut written = self.written();
        match (written.chunks.get(index), written.end) {
            (Some(chunk), _) => Poll::Ready(Some(Ok(chunk.clone()))),
            (None, Some(End::Whole)) => Poll::Ready(None),
            (None, Some(End::Broken)) => Poll::Ready(Some(Err(BrokenPage::new()))),
            (None, None) => {
                written.readers.insert(reader, Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }

    /// Whether it is known that there are so many chunks.
    pub(super) fn has_ended_at(&self, chunks: usize) -> bool {
        let written = self.written();
        written.end == Some(End::Whole) && written.chunks.len() <= chunks
    }

    pub(super) fn is_being_written(&self) -> bool {
        self.written().end.is_none()
    }

    pub(super) fn is_broken(&self) -> bool {
        self.written().end == Some(End::Broken)
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is to be written further.
    fn change(&self, change: impl FnOnce(&mut Written)) -> bool {
        let mut written = self.written();
        change(&mut written);
        let is_unfinished = written.end.is_none();
        let waiting: Vec<_> = written.readers.values_mut().filter_map(Option::take).collect();
        drop(written);
        waiting.into_iter().for_each(Waker::wake);
        is_unfinished
    }
}

impl Written {
    /// What nobody reads is broken off, rather than written whole for nobody.
    fn add(&mut self, chunk: Bytes, is_last: bool) {
        self.chunks.push(chunk);
        if is_last {
            self.end = Some(End::Whole);
        } else if self.readers.is_empty() {
            self.end = Some(End::Broken);
            self.chunks = Vec::new();
        }
    }
}

impl Writer {
    pub(super) fn write(self, registry: &Registry, wanted: Wanted) {
        let mut next = Chunks::begin(registry, wanted);
        // What fails leaves the page broken, by the drop.
        while let Ok((chunk, rest)) = next {
            let goes_on = self.0.change(|written| written.add(chunk, rest.is_none()));
            let (true, Some(rest)) = (goes_on, rest) else { return };
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

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::page::SharedPage;
use crate::BrokenPage;

/// How far one scrape has come in a page that it shares.
#[derive(Debug)]
pub(crate) struct Reader {
    page: Arc<SharedPage>,
    number: u64,
    chunks: usize,
}

impl Reader {
    /// A reader from the beginning, unless the page is broken.
    pub(super) fn join(page: &Arc<SharedPage>) -> Option<Self> {
        Some(Self { number: page.join()?, page: Arc::clone(page), chunks: 0 })
    }

    /// The next chunk, or nothing at the end.
    pub(in crate::scrape) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        let chunk = ready!(self.page.poll_chunk(self.number, self.chunks, cx));
        self.chunks += 1;
        Poll::Ready(chunk)
    }

    /// Whether there is nothing more to come.
    pub(in crate::scrape) fn is_at_end(&self) -> bool {
        self.page.has_ended_at(self.chunks)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.page.leave(self.number);
    }
}

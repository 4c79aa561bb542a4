use std::task::{Context, Poll};

use bytes::Bytes;

use super::BrokenPage;
use super::ahead::Ahead;
use super::shared::Reader;

/// What brings the rest of a page.
#[derive(Debug)]
pub(crate) enum Rest {
    /// It is written for this scrape, and no faster than it is taken.
    Own(Ahead),
    /// It is written for all who ask for the same.
    Shared(Reader),
}

impl Rest {
    /// The next chunk, or nothing at the end.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BrokenPage>>> {
        match self {
            Self::Own(ahead) => ahead.poll_next(cx),
            Self::Shared(reader) => reader.poll_next(cx),
        }
    }

    /// Whether there is nothing more to come.
    pub(crate) fn is_at_end(&self) -> bool {
        match self {
            Self::Own(ahead) => ahead.is_at_end(),
            Self::Shared(reader) => reader.is_at_end(),
        }
    }
}

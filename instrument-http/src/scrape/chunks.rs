use std::fmt;

use bytes::Bytes;
use instrument_core::Registry;

use super::BrokenPage;
use super::compress::Compressor;
use crate::format::AnyPage;
use crate::negotiate::Wanted;

/// How much is written at a time, in bytes, and a series more. hyper keeps some 400 KiB of what a reader has not taken, another chunk is
/// on its way there and one is being written: together less than 1 MiB.
const CHUNK_BYTES: usize = 128 * 1024;

/// Room for the series that goes over.
const MORE_BYTES: usize = 4 * 1024;

/// A page that is written chunk by chunk.
pub(crate) struct Chunks {
    page: Box<dyn AnyPage>,
    compressor: Compressor,
}

/// A chunk, and what brings the others if it is not the last.
pub(super) type Written = Result<(Bytes, Option<Chunks>), BrokenPage>;

impl Chunks {
    /// Begins a page: collectors are asked now.
    pub(super) fn begin(registry: &Registry, wanted: Wanted) -> Written {
        let compressor = Compressor::new(wanted.coding).map_err(|_| BrokenPage::new())?;
        Self { page: wanted.format.page(registry), compressor }.next()
    }

    /// The next chunk.
    pub(super) fn next(mut self) -> Written {
        let mut text = Vec::with_capacity(CHUNK_BYTES + MORE_BYTES);
        // Writing to memory does not fail, but for what may be wrong with a compressor.
        loop {
            if self.page.write(&mut text, CHUNK_BYTES).is_continue() {
                let last = self.compressor.finish(text).map_err(|_| BrokenPage::new())?;
                return Ok((last, None));
            }
            if let Some(chunk) = self.compressor.compress(&mut text).map_err(|_| BrokenPage::new())? {
                return Ok((chunk, Some(self)));
            }
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}

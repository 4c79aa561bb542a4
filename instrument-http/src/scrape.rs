//! From a registry to the body of an answer, whatever serves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use instrument_core::Registry;
use tokio::runtime::Handle;

use crate::TextEncoder;

/// A registry that is scraped again and again.
#[derive(Debug)]
pub(crate) struct Scraper {
    registry: Registry,
    /// How long the last page was: the next one will be about as long.
    last_len: AtomicUsize,
}

/// What a scrape answers.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) content_type: &'static str,
    pub(crate) text: Bytes,
}

/// The scrape was not run to its end: the runtime is shutting down, or an encoder has panicked.
#[derive(Debug)]
pub(crate) struct Failed;

impl Scraper {
    pub(crate) fn new(registry: Registry) -> Self {
        Self { registry, last_len: AtomicUsize::new(0) }
    }

    /// Writes the page on a thread for blocking work, so that the workers of the service go on meanwhile. A service without tokio
    /// has no such threads: the page is written on the spot.
    pub(crate) async fn scrape(self: Arc<Self>) -> Result<Page, Failed> {
        match Handle::try_current() {
            Ok(runtime) => runtime.spawn_blocking(move || self.page()).await.map_err(|_| Failed),
            Err(_) => Ok(self.page()),
        }
    }

    fn page(&self) -> Page {
        let last_len = self.last_len.load(Ordering::Relaxed);
        // An eighth more, for numbers that get longer and series that are new.
        let mut text = Vec::with_capacity(last_len + last_len / 8);
        TextEncoder::new().encode_into(&self.registry, &mut text);
        self.last_len.store(text.len(), Ordering::Relaxed);
        Page { content_type: TextEncoder::CONTENT_TYPE, text: text.into() }
    }
}

use std::error::Error;
use std::fmt;

/// A page was not written to its end: the runtime is shutting down, an encoder has panicked, or it took longer than the scraper waits.
///
/// What was sent of it is cut off, so that nobody takes it for the whole.
#[derive(Debug)]
pub struct BrokenPage(Why);

#[derive(Debug, Clone, Copy)]
enum Why {
    NotWritten,
    Late,
    NotBegun,
}

impl BrokenPage {
    pub(super) fn new() -> Self {
        Self(Why::NotWritten)
    }

    /// Its first chunk was not there within the time that the server gives an answer.
    pub(crate) fn not_begun() -> Self {
        Self(Why::NotBegun)
    }

    /// Whoever asked for it does not wait any more.
    pub(crate) fn late() -> Self {
        Self(Why::Late)
    }
}

impl fmt::Display for BrokenPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Why::NotWritten => {
                "the page could not be written: the service is stopping, or has panicked over it"
            }
            Why::NotBegun => {
                "the page was not begun within the time that the server gives an answer: a collector or a computed metric hangs, or takes long"
            }
            Why::Late => {
                "the page takes longer than the scraper waits, as it says in `X-Prometheus-Scrape-Timeout-Seconds`: \
                 raise its timeout, or show fewer series"
            }
        })
    }
}

impl Error for BrokenPage {}

use std::error::Error;
use std::fmt;

/// A page was not written to its end: the runtime is shutting down, or an encoder has panicked.
///
/// What was sent of it is cut off, so that nobody takes it for the whole.
#[derive(Debug)]
pub struct BrokenPage {
    _private: (),
}

impl BrokenPage {
    pub(super) fn new() -> Self {
        Self { _private: () }
    }
}

impl fmt::Display for BrokenPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the page could not be written: the service is stopping, or has panicked over it")
    }
}

impl Error for BrokenPage {}

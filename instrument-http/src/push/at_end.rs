use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{PushError, PushGateway};

/// Pushes when it is dropped, as at the end of a job: when a function returns early or panics, too. See [`PushGateway::push_at_end`].
///
/// It does not push where a process ends without dropping what it has: by `std::process::exit`, by a signal, and by a panic where that aborts.
///
/// ```
/// use std::sync::mpsc::channel;
///
/// use instrument_http::PushGateway;
///
/// let (errors, reported) = channel();
/// let gateway = PushGateway::builder("http://127.0.0.1:1").job("backup").build()?;
/// {
///     let _pushing = gateway.push_at_end().on_error(move |error| errors.send(error).unwrap());
///     // ... the job does its work ...
/// }
/// assert!(reported.recv()?.to_string().contains("no connection"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "it pushes at once when it is not kept"]
pub struct PushAtEnd {
    /// Until it has pushed.
    gateway: Option<PushGateway>,
    adds: bool,
    on_error: Option<Box<dyn FnOnce(PushError) + Send>>,
}

impl PushAtEnd {
    pub(super) fn new(gateway: PushGateway) -> Self {
        Self { gateway: Some(gateway), adds: false, on_error: None }
    }

    /// Leaves what the group has of other names, as [`push_add`](PushGateway::push_add) does: so a job that fails takes nothing away that is pushed by one that succeeds alone, such as
    /// the time of its success. All metrics of the group are replaced otherwise.
    pub fn add(mut self) -> Self {
        self.adds = true;
        self
    }

    /// Sets what is done with an error of the push on drop, such as to log it; nothing is done with it otherwise.
    pub fn on_error(mut self, report: impl FnOnce(PushError) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(report));
        self
    }

    /// Pushes now, and not again.
    ///
    /// # Errors
    ///
    /// See [`PushError`].
    pub fn finish(mut self) -> Result<(), PushError> {
        self.push()
    }

    fn push(&mut self) -> Result<(), PushError> {
        match self.gateway.take() {
            Some(gateway) if self.adds => gateway.blocking().push_add(),
            Some(gateway) => gateway.blocking().push(),
            None => Ok(()),
        }
    }
}

impl Drop for PushAtEnd {
    fn drop(&mut self) {
        if let (Err(error), Some(report)) = (self.push(), self.on_error.take()) {
            // A second panic while the first unwinds would abort the process.
            let _ = catch_unwind(AssertUnwindSafe(|| report(error)));
        }
    }
}

impl fmt::Debug for PushAtEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushAtEnd").field("gateway", &self.gateway).finish_non_exhaustive()
    }
}

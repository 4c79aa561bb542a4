use std::{io, thread};

use tokio::runtime::Builder;

use super::{PushError, PushGateway};

/// A [`PushGateway`] for who has no tokio runtime: each call waits until it is done.
///
/// It can be called from anywhere, in a runtime too, where it keeps a worker busy meanwhile. The work is done by a thread that ends with the call.
///
/// ```
/// use std::time::Duration;
///
/// use instrument_http::PushGateway;
///
/// let gateway = PushGateway::builder("http://127.0.0.1:1").job("backup").timeout(Duration::from_millis(100)).build()?;
/// let error = gateway.blocking().push().unwrap_err();
/// assert!(error.to_string().contains("http://127.0.0.1:1/metrics/job/backup"), "{error}");
/// # Ok::<(), instrument_http::PushError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is pushed before it is told to"]
pub struct BlockingPushGateway<'g> {
    gateway: &'g PushGateway,
}

impl<'g> BlockingPushGateway<'g> {
    pub(super) fn new(gateway: &'g PushGateway) -> Self {
        Self { gateway }
    }

    /// See [`PushGateway::push`].
    ///
    /// # Errors
    ///
    /// See [`PushError`].
    pub fn push(self) -> Result<(), PushError> {
        self.run(self.gateway.push())
    }

    /// See [`PushGateway::push_add`].
    ///
    /// # Errors
    ///
    /// See [`PushError`].
    pub fn push_add(self) -> Result<(), PushError> {
        self.run(self.gateway.push_add())
    }

    /// See [`PushGateway::delete`].
    ///
    /// # Errors
    ///
    /// See [`PushError`].
    pub fn delete(self) -> Result<(), PushError> {
        self.run(self.gateway.delete())
    }

    fn run(self, work: impl Future<Output = Result<(), PushError>> + Send) -> Result<(), PushError> {
        let not_run = |source| PushError::NotRun { url: self.gateway.url().to_owned(), source };
        let run = || {
            let runtime = Builder::new_current_thread().enable_all().build().map_err(not_run)?;
            let done = runtime.block_on(work);
            // Looking up a name can go on beyond the time, and nobody waits for it.
            runtime.shutdown_background();
            done
        };
        thread::scope(|scope| {
            let thread = thread::Builder::new().name("instrument-push".to_owned());
            let thread = thread.spawn_scoped(scope, run).map_err(not_run)?;
            thread.join().unwrap_or_else(|_| Err(not_run(io::Error::other("the thread has panicked"))))
        })
    }
}

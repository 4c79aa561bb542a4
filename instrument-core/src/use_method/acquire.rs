use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use super::{InUse, Use};

impl Use {
    /// Acquires one of the resource by a future of yours, such as that of a pool's connection.
    ///
    /// As long as the future is pending somebody is queued; a future that is dropped meanwhile waits no longer. What it gives is in use until
    /// it is dropped, and what fails is an error of the resource.
    ///
    /// ```
    /// use instrument_core::{Registry, Use};
    ///
    /// # struct Connection;
    /// # struct Pool;
    /// # impl Pool {
    /// #     async fn connection(&self) -> Result<Connection, std::io::Error> { Ok(Connection) }
    /// # }
    /// # let pool = Pool;
    /// # let run = async {
    /// let registry = Registry::new();
    /// let usage = Use::register(&registry, "db_pool", 2)?;
    ///
    /// let connection = usage.acquire(pool.connection()).await?;
    /// assert_eq!(registry.snapshot().gauge("db_pool_utilization_ratio", &[]), Some(0.5));
    ///
    /// drop(connection);
    /// assert_eq!(registry.snapshot().gauge("db_pool_utilization_ratio", &[]), Some(0.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # };
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(matches!(std::pin::pin!(run).poll(&mut context), std::task::Poll::Ready(Ok(()))));
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the future.
    pub async fn acquire<T, E>(&self, acquire: impl Future<Output = Result<T, E>>) -> Result<InUse<T>, E> {
        match self.wait(acquire).await {
            Ok(value) => Ok(self.hold(value)),
            Err(error) => {
                self.error();
                Err(error)
            }
        }
    }

    /// Waits for a future: somebody is queued as long as it is pending.
    ///
    /// Goes with [`hold`](Self::hold) for what cannot fail, such as a lock.
    ///
    /// ```
    /// # use std::future::Future;
    /// use instrument_core::{Registry, Use};
    ///
    /// # let run = async {
    /// let registry = Registry::new();
    /// let usage = Use::register(&registry, "printer", 1)?;
    ///
    /// // `mutex.lock()` of an asynchronous mutex, say.
    /// let lock = std::future::ready("printer");
    /// let printer = usage.hold(usage.wait(lock).await);
    /// assert_eq!((*printer, usage.utilization()), ("printer", 1.0));
    /// # Ok::<(), instrument_core::Error>(())
    /// # };
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(matches!(std::pin::pin!(run).poll(&mut context), std::task::Poll::Ready(Ok(()))));
    /// ```
    pub async fn wait<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        // What is ready at once did not wait.
        let mut queued = None;
        poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            match polled {
                Poll::Pending => _ = queued.get_or_insert_with(|| self.queued()),
                Poll::Ready(_) => queued = None,
            }
            polled
        })
        .await
    }
}

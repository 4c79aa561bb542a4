//! Utilization, saturation and errors of a pool: the USE method for what there is only so much of.
//!
//!     $ cargo run -p instrument-examples --example use_pool
//!     db_pool_errors_total 1
//!     db_pool_saturation 1
//!     db_pool_utilization_ratio 1
//!
//! The numbers are those of a moment in which both connections are out and one task waits for the next. Saturation that stays above zero is the
//! first sign of a pool that is too small.

use std::io;
use std::sync::Arc;

use instrument_core::{Registry, Use};
use instrument_http::TextEncoder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Stands for the pool of a database's library.
#[derive(Debug, Clone)]
struct Pool(Arc<Semaphore>);

impl Pool {
    async fn connection(&self) -> io::Result<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.map_err(io::Error::other)
    }

    async fn unreachable_database(&self) -> io::Result<OwnedSemaphorePermit> {
        Err(io::ErrorKind::ConnectionRefused.into())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::new();
    let pool = Pool(Arc::new(Semaphore::new(2)));
    let usage = Use::register(&registry, "db_pool", 2)?;

    // Around whatever future gives a connection: it waits, then it is in use until it is dropped, or it is an error.
    let first = usage.acquire(pool.connection()).await?;
    let _second = usage.acquire(pool.connection()).await?;
    let refused = usage.acquire(pool.unreachable_database()).await;
    println!("{:?}", refused.map(|_| ()));

    let waits = tokio::spawn({
        let (usage, pool) = (usage.clone(), pool.clone());
        async move { usage.acquire(pool.connection()).await.map(|_| ()) }
    });
    tokio::task::yield_now().await; // to where it waits
    print!("{}", TextEncoder::new().encode(&registry));

    drop(first);
    waits.await??;
    Ok(())
}

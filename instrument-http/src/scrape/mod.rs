//! From a registry to the body of an answer, whatever serves it.
//!
//! A page is written chunk by chunk, each when there is room for it, on a thread for blocking work: so no page is whole in memory, no worker of the service is held up,
//! and a reader that is slow keeps no thread. `chunks.rs` writes them, `ahead.rs` has the next one ready, `shared/` keeps them for others.

mod ahead;
mod broken;
mod chunks;
mod compress;
mod rest;
mod shared;

pub use self::broken::BrokenPage;
#[cfg(feature = "page")]
pub(crate) use self::compress::compressed;
pub(crate) use self::rest::Rest;
pub(crate) use self::shared::SharedPages;

use std::sync::Arc;

use bytes::Bytes;
use instrument_core::Registry;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use self::ahead::Ahead;
use self::chunks::Chunks;
use crate::negotiate::Wanted;

/// The beginning of a page, and what brings the rest.
#[derive(Debug)]
pub(crate) struct Scrape {
    pub(crate) begin: Bytes,
    /// Nothing if the beginning is all.
    pub(crate) rest: Option<Rest>,
}

/// The most pages of a service that are being begun at once. Others wait: a collector that never returns keeps a thread for each, also when nobody waits for the page any more, and
/// the service has few threads for blocking work.
const MAX_BEGINNING: usize = 32;

/// Places for pages that are being begun.
pub(crate) fn places() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(MAX_BEGINNING))
}

/// Begins a page, when there is a place. A service without tokio has no threads for blocking work: there it is written on the spot.
pub(crate) async fn scrape(
    registry: Arc<Registry>,
    wanted: Wanted,
    places: Arc<Semaphore>,
) -> Result<Scrape, BrokenPage> {
    let runtime = Handle::try_current().ok();
    let begin = move || Chunks::begin(&registry, wanted);
    let (begin, rest) = match &runtime {
        Some(runtime) => {
            // It is never closed.
            let place = places.acquire_owned().await.map_err(|_| BrokenPage::new())?;
            let beginning = runtime.spawn_blocking(move || {
                let begun = begin();
                drop(place);
                begun
            });
            beginning.await.unwrap_or(Err(BrokenPage::new()))?
        }
        None => begin()?,
    };
    Ok(Scrape { begin, rest: rest.map(|rest| Rest::Own(Ahead::new(rest, runtime))) })
}

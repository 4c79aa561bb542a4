//! How much a connection may take.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
#[cfg(feature = "http2")]
use tokio::time::Instant;

#[cfg(feature = "http2")]
use super::under_way::State;

/// How long answers may still take once the server stops.
pub(super) const SHUTDOWN_LIMIT: Duration = Duration::from_secs(3);

/// How long a connection in HTTP/2 that gives way may take to end. Another waits for its place.
#[cfg(feature = "http2")]
pub(super) const FAREWELL_LIMIT: Duration = Duration::from_secs(1);

/// The longest head of a request.
pub(super) const MAX_HEAD_BYTES: usize = 16 * 1024;

/// The most headers of a request.
pub(super) const MAX_HEADERS: usize = 64;

/// The most requests that a connection has under way at once, in HTTP/2.
#[cfg(feature = "http2")]
pub(super) const MAX_STREAMS: u32 = 16;

/// The most connections that are being refused at once.
pub(super) const MAX_REFUSALS: usize = 16;

/// How long they may take for each part of it.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// Longer times are as good as none, and clocks can count to their end.
pub(super) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What can be set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) max_connections: usize,
    /// From one answer, or from the start, to the end of the next request's head.
    pub(super) header_timeout: Duration,
    /// From the first byte of an answer to the last.
    pub(super) response_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 64,
            header_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// The same, with times that a clock can count.
    pub(super) fn within_reason(self) -> Self {
        Self {
            header_timeout: self.header_timeout.min(LONGEST),
            response_timeout: self.response_timeout.min(LONGEST),
            ..self
        }
    }

    /// When a connection has been idle, or busy, for too long.
    #[cfg(feature = "http2")]
    pub(super) fn deadline(self, state: &State) -> Instant {
        match state.since() {
            (false, idle_since) => idle_since + self.header_timeout,
            (true, oldest) => {
                let deadline = oldest + self.response_timeout;
                state.due.map_or(deadline, |due| deadline.min(due))
            }
        }
    }

    /// Those of a connection that is refused.
    pub(super) fn of_refusal(self) -> Self {
        Self {
            header_timeout: self.header_timeout.min(REFUSAL_TIMEOUT),
            response_timeout: self.response_timeout.min(REFUSAL_TIMEOUT),
            ..self
        }
    }
}

/// The places for connections.
#[derive(Debug, Clone)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    number: u32,
}

impl Places {
    /// So many places, and one at least.
    pub(super) fn new(number: usize) -> Self {
        const MOST: u32 = 1 << 20;
        let number = u32::try_from(number).unwrap_or(MOST).clamp(1, MOST);
        Self { free: Arc::new(Semaphore::new(number as usize)), number }
    }

    /// A place if one is free.
    pub(super) fn try_take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// Waits until nobody has a place any more.
    pub(super) async fn all_free(&self) {
        let _ = self.free.acquire_many(self.number).await;
    }
}

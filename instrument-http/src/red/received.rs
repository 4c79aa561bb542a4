#[cfg(any(feature = "actix", feature = "axum"))]
pub(crate) use self::count::ByteCount;

/// How many bytes of a request's body there are.
#[derive(Debug)]
pub(crate) enum Received {
    /// The length that the message gives.
    Known(u64),
    /// Those that were read.
    #[cfg(any(feature = "actix", feature = "axum"))]
    Counted(ByteCount),
    /// Nobody says.
    #[cfg(feature = "tower")]
    Unknown,
}

impl Received {
    pub(super) fn bytes(&self) -> Option<u64> {
        match self {
            Self::Known(bytes) => Some(*bytes),
            #[cfg(any(feature = "actix", feature = "axum"))]
            Self::Counted(count) => Some(count.get()),
            #[cfg(feature = "tower")]
            Self::Unknown => None,
        }
    }
}

/// For the frameworks whose bodies can be wrapped.
#[cfg(any(feature = "actix", feature = "axum"))]
mod count {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    /// Counts the bytes of a body, wherever it is read. A clone is the same count.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct ByteCount(Arc<AtomicU64>);

    impl ByteCount {
        pub(crate) fn add(&self, bytes: usize) {
            // It is a number and no signal: what was read before the response has ended is there when that is recorded, as one task
            // drives both or hands over to the other.
            self.0.fetch_add(bytes as u64, Relaxed);
        }

        pub(super) fn get(&self) -> u64 {
            self.0.load(Relaxed)
        }
    }
}

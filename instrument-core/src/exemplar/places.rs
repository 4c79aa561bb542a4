//! Where the last exemplars are kept.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::{Exemplar, RecordedExemplar};
use crate::cells::{Slot, Turns};

/// All readers of the process: they are few, and each is soon done.
static TURNS: Turns = Turns::new();

/// The last exemplar of one number.
#[derive(Debug)]
pub(crate) struct LastExemplar(Slot<RecordedExemplar>);

impl LastExemplar {
    pub(crate) const fn new() -> Self {
        Self(Slot::new())
    }

    /// Keeps an exemplar, or counts it as dropped.
    pub(crate) fn put(&self, exemplar: Exemplar, value: f64, bucket: Option<usize>, drops: &Drops) {
        match exemplar.into_labels() {
            Some(labels) => self.0.put(RecordedExemplar { labels, value, time: SystemTime::now(), bucket }),
            None => drops.count(),
        }
    }

    /// The exemplar that is kept.
    pub(crate) fn read(&self) -> Option<RecordedExemplar> {
        self.0.read(&TURNS.take())
    }
}

/// The last exemplar of each bucket, or of each power of two. Its memory is allocated for the first one.
#[derive(Debug, Default)]
pub(crate) struct BucketExemplars(OnceLock<Box<[LastExemplar]>>);

impl BucketExemplars {
    /// Keeps the exemplar of one of so many explicit buckets, or counts it as dropped.
    pub(crate) fn put(&self, exemplar: Exemplar, value: f64, bucket: usize, buckets: usize, drops: &Drops) {
        match self.place(bucket, buckets) {
            Some(last) => last.put(exemplar, value, Some(bucket), drops),
            None => drops.count(),
        }
    }

    /// The same where there are native buckets alone. As those that most values fall into are many, an exemplar for each would take much memory,
    /// and if some shared one, the many would drive out the few. So there is one for each power of two; those that are 2^31 apart share one.
    pub(crate) fn put_by_power(&self, exemplar: Exemplar, value: f64, drops: &Drops) {
        const POWERS: usize = 31;
        let exponent = (value.abs().to_bits() >> (f64::MANTISSA_DIGITS - 1)) as usize;
        // Zero has a place of its own.
        let place = if exponent == 0 { 0 } else { 1 + exponent % POWERS };
        match self.place(place, 1 + POWERS) {
            Some(last) => last.put(exemplar, value, None, drops),
            None => drops.count(),
        }
    }

    fn place(&self, index: usize, len: usize) -> Option<&LastExemplar> {
        self.0.get_or_init(|| (0..len).map(|_| LastExemplar::new()).collect()).get(index)
    }

    /// The exemplars that are kept, in the order of their values.
    pub(crate) fn read(&self) -> Vec<RecordedExemplar> {
        let Some(all) = self.0.get() else { return Vec::new() };
        let mut kept: Vec<_> = all.iter().filter_map(LastExemplar::read).collect();
        kept.sort_by(|one, other| one.value.total_cmp(&other.value));
        kept
    }
}

/// Counts the exemplars of a family that were dropped.
#[derive(Clone)]
pub struct Drops(Arc<CountOne>);

/// Boxed, so that the pointer that each series has of it is a thin one.
type CountOne = Box<dyn Fn() + Send + Sync + UnwindSafe + RefUnwindSafe>;

impl Drops {
    pub(crate) fn new(count_one: impl Fn() + Send + Sync + UnwindSafe + RefUnwindSafe + 'static) -> Self {
        Self(Arc::new(Box::new(count_one)))
    }

    #[cold]
    pub(crate) fn count(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Drops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drops").finish_non_exhaustive()
    }
}

//! From a call to a record in the queue.

use std::cell::RefCell;

use super::StatsdClient;
use crate::DropCause;
use crate::line::{Said, Value, epoch_seconds};

impl StatsdClient {
    pub(super) fn record(&self, name: &str, value: Value<'_>) {
        if self.sample_rate < 1.0 && value.can_be_sampled() && fastrand::f64() >= self.sample_rate {
            return;
        }
        if let Err(cause) = self.try_record(name, value) {
            self.dropped(cause);
        }
    }

    /// Writes the record in memory of the calling thread, so that the queue's lock is held for the copy alone.
    fn try_record(&self, name: &str, value: Value<'_>) -> Result<(), DropCause> {
        thread_local! {
            static RECORD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let in_thread = RECORD.try_with(|record| {
            let mut record = record.try_borrow_mut().ok()?;
            record.clear();
            Some(self.write(&mut record, name, value))
        });
        // A thread that is being torn down has no memory of its own any more.
        in_thread.ok().flatten().unwrap_or_else(|| self.write(&mut Vec::new(), name, value))
    }

    fn write(&self, record: &mut Vec<u8>, name: &str, value: Value<'_>) -> Result<(), DropCause> {
        let (flavor, name_start) = (self.inner.flavor, record.len());
        record.extend_from_slice(&self.inner.name_prefix);
        if !flavor.write_name(record, name) {
            return Err(DropCause::BadName);
        }
        flavor.end_name(record, &self.tags, "");
        let epoch_seconds = if flavor.tells_time() { epoch_seconds() } else { 0 };
        let said = Said { value, rate: self.sample_rate, tags: &self.tags, epoch_seconds };
        flavor.complete(record, name_start, said)?;
        self.inner.queue.push(record)
    }

    #[cold]
    fn dropped(&self, cause: DropCause) {
        self.inner.telemetry.dropped(cause, 1);
    }
}

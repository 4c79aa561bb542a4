//! From a call to a record in the lane of its thread.

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

    fn try_record(&self, name: &str, value: Value<'_>) -> Result<(), DropCause> {
        let Self { inner, tags, sample_rate: rate, pipeline } = self;
        let flavor = inner.flavor;
        // By what is given, so that nothing of such a length is ever written.
        if name.len() + value.text_len() > inner.lanes.packet_bytes() {
            return Err(DropCause::TooLong);
        }
        let write = |record: &mut Vec<u8>| {
            let name_start = record.len();
            record.extend_from_slice(&inner.name_prefix);
            if !flavor.write_name(record, name) {
                return Err(DropCause::BadName);
            }
            flavor.end_name(record, name_start, tags, "");
            let epoch_seconds = if flavor.tells_time() { epoch_seconds() } else { 0 };
            let said = Said { value, rate: *rate, tags, epoch_seconds };
            Ok(flavor.complete(record, name_start, said)?)
        };
        match pipeline {
            None => inner.lanes.push(write),
            Some(pipeline) => pipeline.push(&inner.lanes, write),
        }
    }

    #[cold]
    pub(super) fn dropped(&self, cause: DropCause) {
        self.inner.lanes.telemetry.dropped(cause, 1);
    }
}

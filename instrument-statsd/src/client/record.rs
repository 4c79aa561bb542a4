//! From a call to a record in the lane of its thread.

use super::StatsdClient;
use super::lane::Record;
use crate::DropCause;
use crate::line::{Said, Value, epoch_seconds};

/// What is said in one call. There is a type for each kind of value, so that none is asked what it is when it is written.
struct Call<'a, V> {
    client: &'a StatsdClient,
    name: &'a str,
    value: V,
}

impl StatsdClient {
    pub(super) fn record<'v>(&self, name: &str, value: impl Fn() -> Value<'v>) {
        if self.sample_rate < 1.0 && value().can_be_sampled() && fastrand::f64() >= self.sample_rate {
            return;
        }
        let call = Call { client: self, name, value };
        let lanes = &self.inner.lanes;
        let recorded = match &self.pipeline {
            None => lanes.push(&call),
            Some(pipeline) => pipeline.push(lanes, &call),
        };
        if let Err(cause) = recorded {
            self.dropped(cause);
        }
    }

    #[cold]
    pub(super) fn dropped(&self, cause: DropCause) {
        self.inner.lanes.telemetry.dropped(cause, 1);
    }
}

impl<'v, V: Fn() -> Value<'v>> Record for Call<'_, V> {
    #[inline(always)]
    fn write(&self, packet: &mut Vec<u8>) -> Result<(), DropCause> {
        let &Self { client, name, ref value } = self;
        let value = value();
        let StatsdClient { inner, tags, sample_rate: rate, .. } = client;
        // By what is given, so that nothing of such a length is ever written.
        if name.len() + value.text_len() > inner.lanes.packet_bytes() {
            return Err(DropCause::TooLong);
        }
        let (flavor, start) = (inner.flavor, packet.len());
        packet.extend_from_slice(&inner.name_prefix);
        if !flavor.write_name(packet, name) {
            return Err(DropCause::BadName);
        }
        flavor.end_name(packet, start, tags, "");
        let epoch_seconds = if flavor.tells_time() { epoch_seconds() } else { 0 };
        let said = Said { value, rate: *rate, tags, epoch_seconds };
        Ok(flavor.complete(packet, start, said)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_by_far_takes_no_memory() {
        let client = StatsdClient::connect("127.0.0.1:8125").unwrap();
        let long = "x".repeat(1 << 20);
        let mut packet = Vec::new();
        let name = Call { client: &client, name: &long, value: || Value::Count(1) };
        assert_eq!(name.write(&mut packet), Err(DropCause::TooLong));
        let thing = Call { client: &client, name: "bodies", value: || Value::Set(&long) };
        assert_eq!(thing.write(&mut packet), Err(DropCause::TooLong));
        assert_eq!(packet.capacity(), 0);
    }
}

//! A call, and the line that it comes to.

use super::StatsdClient;
use crate::DropCause;
use crate::line::{Said, Value, epoch_seconds};

/// What is said in one call. There is a type for each kind of value, so that none is asked what it is when it is recorded.
pub(super) struct Call<'a, V> {
    pub(super) client: &'a StatsdClient,
    pub(super) name: &'a str,
    value: V,
}

impl StatsdClient {
    #[inline(always)]
    pub(super) fn record<'v>(&self, name: &str, value: impl Fn() -> Value<'v>) {
        if self.sample_rate < 1.0 && value().can_be_sampled() && fastrand::f64() >= self.sample_rate {
            return;
        }
        let call = Call { client: self, name, value };
        let recorded = match &self.pipeline {
            None => self.inner.lanes.push(&call),
            Some(pipeline) => pipeline.push(&call),
        };
        if let Err(cause) = recorded {
            self.dropped(cause);
        }
    }

    #[cold]
    pub(super) fn dropped(&self, cause: DropCause) {
        self.inner.lanes.telemetry.dropped(cause, 1);
    }

    /// Appends a name as it is sent, with what belongs to it.
    pub(super) fn write_name(&self, out: &mut Vec<u8>, name: &str) -> Result<(), DropCause> {
        let (flavor, start) = (self.inner.flavor, out.len());
        out.extend_from_slice(&self.inner.name_prefix);
        if !flavor.write_name(out, name) {
            return Err(DropCause::BadName);
        }
        flavor.end_name(out, start, &self.tags, "");
        Ok(())
    }
}

impl<'v, V: Fn() -> Value<'v>> Call<'_, V> {
    #[inline(always)]
    pub(super) fn value(&self) -> Value<'v> {
        (self.value)()
    }

    /// Appends the lines of the call. When there are none, `out` is left in any state.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), DropCause> {
        let &Self { client, name, .. } = self;
        let (value, longest) = (self.value(), client.inner.lanes.packet_bytes());
        // By what is given, so that nothing of such a length is ever written.
        if name.len() + value.text_len() > longest {
            return Err(DropCause::TooLong);
        }
        let (flavor, start) = (client.inner.flavor, out.len());
        client.write_name(out, name)?;
        let epoch_seconds = if flavor.tells_time() { epoch_seconds() } else { 0 };
        let said = Said { value, rate: client.sample_rate, tags: &client.tags, epoch_seconds };
        flavor.complete(out, start, said)?;
        if out.len() - start > longest { Err(DropCause::TooLong) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_by_far_takes_no_memory() {
        let client = StatsdClient::connect("127.0.0.1:8125").unwrap();
        let long = "x".repeat(1 << 20);
        let mut out = Vec::new();
        let name = Call { client: &client, name: &long, value: || Value::Count(1) };
        assert_eq!(name.write(&mut out), Err(DropCause::TooLong));
        let thing = Call { client: &client, name: "bodies", value: || Value::Set(&long) };
        assert_eq!(thing.write(&mut out), Err(DropCause::TooLong));
        assert_eq!(out.capacity(), 0);
    }
}

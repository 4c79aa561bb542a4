//! Lines that were said before, but for the value: they are written once, and called by their number then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::StatsdClient;
use crate::line::{Flavor, Said, Value};

/// How many templates a client has at most. Names beyond, which are made up as a program runs, are written at each call.
pub(super) const MAX_TEMPLATES: usize = 4096;

/// More than the text of any number.
const LONGEST_NUMBER: usize = 32;

/// What a line is about. Only kinds whose value is one number, and whose line is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Count,
    Gauge,
    GaugeDelta,
    Timing,
    Histogram,
    Distribution,
}

impl Kind {
    /// Takes a value apart. Nothing for those that are a text, are no number, or take two lines.
    #[inline(always)]
    pub(super) fn of(value: Value<'_>) -> Option<(Self, u64)> {
        let (kind, number) = match value {
            Value::Count(count) => return Some((Self::Count, count.cast_unsigned())),
            Value::Timing(duration) => {
                let seconds = duration.as_secs().checked_mul(1_000_000_000)?;
                return Some((Self::Timing, seconds.checked_add(duration.subsec_nanos().into())?));
            }
            Value::Gauge(value) if value < 0.0 => return None,
            Value::Gauge(value) => (Self::Gauge, value),
            Value::GaugeDelta(delta) => (Self::GaugeDelta, delta),
            Value::Histogram(size) => (Self::Histogram, size),
            Value::Distribution(size) => (Self::Distribution, size),
            _ => return None,
        };
        number.is_finite().then(|| (kind, number.to_bits()))
    }

    fn value(self, bits: u64) -> Value<'static> {
        match self {
            Self::Count => Value::Count(bits.cast_signed()),
            Self::Timing => Value::Timing(Duration::from_nanos(bits)),
            Self::Gauge => Value::Gauge(f64::from_bits(bits)),
            Self::GaugeDelta => Value::GaugeDelta(f64::from_bits(bits)),
            Self::Histogram => Value::Histogram(f64::from_bits(bits)),
            Self::Distribution => Value::Distribution(f64::from_bits(bits)),
        }
    }
}

/// All of a line but its value.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) number: u32,
    kind: Kind,
    /// The name as it is given.
    given: Box<str>,
    tags: Arc<[u8]>,
    rate: f64,
    /// The name as it is sent, with what belongs to it.
    name: Box<[u8]>,
}

impl Template {
    #[inline(always)]
    pub(super) fn is_of(&self, client: &StatsdClient, name: &str, kind: Kind) -> bool {
        self.kind == kind
            && self.rate.to_bits() == client.sample_rate.to_bits()
            && *self.given == *name
            && (Arc::ptr_eq(&self.tags, &client.tags) || self.tags == client.tags)
    }

    /// Appends the line with a value.
    pub(super) fn write(&self, out: &mut Vec<u8>, flavor: Flavor, bits: u64) {
        let start = out.len();
        out.extend_from_slice(&self.name);
        let said = Said { value: self.kind.value(bits), rate: self.rate, tags: &self.tags, epoch_seconds: 0 };
        // There is no template of what cannot be said.
        let _ = flavor.complete(out, start, said);
    }
}

/// The templates of a client.
#[derive(Debug, Default)]
pub(super) struct Templates(Mutex<Numbered>);

#[derive(Debug, Default)]
struct Numbered {
    all: Vec<Arc<Template>>,
    /// Those of one hash.
    by_hash: HashMap<u64, Vec<u32>>,
}

impl Templates {
    /// The template of a call, which is made if there is none. Nothing if it cannot be said, or if there are too many.
    pub(super) fn find_or_add(
        &self,
        hash: u64,
        client: &StatsdClient,
        name: &str,
        kind: Kind,
    ) -> Option<Arc<Template>> {
        let Numbered { all, by_hash } = &mut *self.lock();
        let alike = by_hash.get(&hash).into_iter().flatten();
        let mut alike = alike.filter_map(|&number| all.get(number as usize));
        if let Some(known) = alike.find(|template| template.is_of(client, name, kind)) {
            return Some(Arc::clone(known));
        }
        if all.len() == MAX_TEMPLATES {
            return None;
        }
        let number = u32::try_from(all.len()).ok()?;
        let template = Arc::new(client.template(number, name, kind)?);
        all.push(Arc::clone(&template));
        by_hash.entry(hash).or_default().push(number);
        Some(template)
    }

    /// Those from a number on.
    pub(super) fn since(&self, number: usize) -> Vec<Arc<Template>> {
        self.lock().all.get(number..).unwrap_or_default().to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StatsdClient {
    fn template(&self, number: u32, given: &str, kind: Kind) -> Option<Template> {
        let mut name = Vec::new();
        self.write_name(&mut name, given).ok()?;
        let (given, tags) = (given.into(), Arc::clone(&self.tags));
        let template = Template { number, kind, given, tags, rate: self.sample_rate, name: name.into() };
        let mut line = template.name.to_vec();
        let said = Said { value: kind.value(0), rate: self.sample_rate, tags: &self.tags, epoch_seconds: 0 };
        self.inner.flavor.complete(&mut line, 0, said).ok()?;
        (line.len() + LONGEST_NUMBER <= self.inner.lanes.packet_bytes()).then_some(template)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_apart_and_put_together() {
        for value in [
            Value::Count(i64::MIN),
            Value::Count(-1),
            Value::Gauge(0.5),
            Value::GaugeDelta(-0.5),
            Value::Timing(Duration::from_nanos(u64::MAX)),
            Value::Histogram(f64::MAX),
            Value::Distribution(-1e-300),
        ] {
            let (kind, bits) = Kind::of(value).unwrap();
            assert_eq!(kind.value(bits), value);
        }
        let too_long = Value::Timing(Duration::from_nanos(u64::MAX) + Duration::from_nanos(1));
        for value in [too_long, Value::Gauge(-1.0), Value::Histogram(f64::NAN), Value::Set("ann")] {
            assert_eq!(Kind::of(value), None, "{value:?}");
        }
    }
}

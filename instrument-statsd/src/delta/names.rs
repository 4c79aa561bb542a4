//! What a series is called by the server.

use std::collections::HashSet;
use std::hash::Hasher;

use instrument_core::{Description, MetricKind, Sample, Series};

use crate::form::Form;
use crate::line::Flavor;

/// What a series is called.
#[derive(Debug)]
pub(crate) struct Name {
    /// With the prefix, without tags.
    pub(crate) text: Box<[u8]>,
    /// As the dialect writes them.
    pub(crate) tags: Box<[u8]>,
}

/// The labels under which a client's handles have their name and their tags, as they are sent.
pub(crate) const HANDLE_NAME: &str = "name";
pub(crate) const HANDLE_TAGS: &str = "tags";

/// What all names have in common.
#[derive(Debug, Clone, Default)]
pub(crate) struct Naming {
    /// Whether the series are a client's handles. Otherwise they are named by family and labels.
    pub(crate) of_handles: bool,
    pub(crate) flavor: Flavor,
    /// With the dot behind it, if there is one.
    pub(crate) prefix: Vec<u8>,
    /// As the dialect writes them.
    pub(crate) tags: Vec<u8>,
}

/// The value of all labels of the series that a family without room for more gives to the rest.
const OVERFLOW: &str = "__overflow__";

/// What a server keeps under a name. It keeps each kind by itself, so a name can stand for one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Count,
    Gauge,
    Sizes,
}

/// The names in use: no two series have the same.
#[derive(Debug)]
pub(super) struct Names {
    naming: Naming,
    /// What the names of percentiles end in, if sizes go as such: that of a count, and those of gauges.
    percentiles: Vec<String>,
    /// As the server tells them apart. One without a kind is taken in all kinds.
    taken: HashSet<(Box<[u8]>, Option<Kind>)>,
}

impl Names {
    pub(super) fn new(naming: Naming, form: &Form) -> Self {
        let percentiles = form.suffixes().split_off(1);
        Self { naming, percentiles, taken: HashSet::new() }
    }

    /// Whether a series has a name at all. What a registry of handles says about itself has none.
    pub(super) fn has(&self, series: &Series<'_>) -> bool {
        !self.naming.of_handles || series.labels().any(|(label, _)| label == HANDLE_NAME)
    }

    /// A name for a series: the family's, and the labels as tags. Values that differ only in what a tag cannot carry would give two
    /// series one name; then the one that came later has a number appended, which its key alone decides.
    pub(super) fn claim<'s>(
        &mut self,
        key: &str,
        family: &Description,
        labels: impl Iterator<Item = (&'s str, &'s str)>,
        sample: &Sample<'_>,
        kind: Kind,
    ) -> Name {
        let mut name = if self.naming.of_handles {
            self.naming.name_of_handle(labels)
        } else {
            self.naming.name(family, labels, sample)
        };
        if self.identities(&name, kind).iter().any(|identity| self.taken.contains(identity)) {
            let last = if name.tags.is_empty() { &mut name.text } else { &mut name.tags };
            *last = [last, format!("_{:016x}", hash(key)).as_bytes()].concat().into();
        }
        let identities = self.identities(&name, kind);
        self.taken.extend(identities);
        name
    }

    pub(super) fn release(&mut self, name: &Name, kind: Kind) {
        for identity in self.identities(name, kind) {
            self.taken.remove(&identity);
        }
    }

    /// All that is sent under a name.
    fn identities(&self, name: &Name, kind: Kind) -> Vec<(Box<[u8]>, Option<Kind>)> {
        let flavor = self.naming.flavor;
        let identity = |suffix: &str, kind: Kind| {
            let has_kinds = flavor != Flavor::Graphite;
            (flavor.identity(&name.text, &name.tags, suffix), has_kinds.then_some(kind))
        };
        match self.percentiles.as_slice() {
            [count, gauges @ ..] if kind == Kind::Sizes => {
                let gauges = gauges.iter().map(|suffix| identity(suffix, Kind::Gauge));
                [identity(count, Kind::Count)].into_iter().chain(gauges).collect()
            }
            _ => vec![identity("", kind)],
        }
    }
}

impl Naming {
    fn name<'s>(
        &self,
        family: &Description,
        labels: impl Iterator<Item = (&'s str, &'s str)>,
        sample: &Sample<'_>,
    ) -> Name {
        let (mut text, mut tags) = (self.prefix.clone(), self.tags.clone());
        write_family(self.flavor, &mut text, family, sample);
        for (label, value) in labels {
            self.flavor.write_tag(&mut tags, label, value);
        }
        Name { text: text.into(), tags: tags.into() }
    }

    fn name_of_handle<'s>(&self, labels: impl Iterator<Item = (&'s str, &'s str)>) -> Name {
        let mut name = Name { text: Box::default(), tags: Box::default() };
        for (label, value) in labels {
            let part = if label == HANDLE_NAME { &mut name.text } else { &mut name.tags };
            *part = value.as_bytes().into();
        }
        if *name.text == *OVERFLOW.as_bytes() && name.tags == name.text {
            name = Name {
                text: [&self.prefix, OVERFLOW.as_bytes()].concat().into(),
                tags: self.tags.as_slice().into(),
            };
        }
        name
    }
}

/// Writes a text that no two series of a registry share, but for those that are the same without their empty labels.
pub(super) fn write_key<'s>(
    key: &mut String,
    family: &Description,
    labels: impl Iterator<Item = (&'s str, &'s str)>,
) {
    key.clear();
    key.push_str(&family.name);
    for (label, value) in labels {
        // A value may hold anything, so its length is what ends it.
        let mut digits = itoa::Buffer::new();
        for part in ["\n", label, "=", digits.format(value.len()), " ", value] {
            key.push_str(part);
        }
    }
}

/// Whether a family's values are seconds. Those with fractions go as milliseconds.
pub(super) fn is_in_seconds(family: &Description) -> bool {
    family.unit.as_deref() == Some("seconds")
}

fn write_family(flavor: Flavor, name: &mut Vec<u8>, family: &Description, sample: &Sample<'_>) {
    let in_milliseconds =
        is_in_seconds(family) && matches!(sample, Sample::Histogram(_) | Sample::FloatCounter(_));
    match family.name.strip_suffix("_seconds").filter(|_| in_milliseconds) {
        // The unit in a name shall be the unit of the number.
        Some(rest) => {
            flavor.write_name(name, rest);
            name.extend_from_slice(b"_ms");
        }
        None if family.kind == MetricKind::Info => {
            flavor.write_name(name, &family.exposed_name());
        }
        None => {
            flavor.write_name(name, &family.name);
        }
    }
}

/// FNV-1a: the same in every process, on every machine.
fn hash(key: &str) -> u64 {
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }

        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    let mut fnv = Fnv(0xcbf2_9ce4_8422_2325);
    fnv.write(key.as_bytes());
    fnv.finish()
}

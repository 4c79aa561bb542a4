//! The dialect of Etsy's daemon, and of all that followed it. Source: `docs/metric_types.md` of <https://github.com/statsd/statsd>.
//!
//! Types are `c`, `g`, `ms` and `s`. The daemon takes any other for a counter, so sizes of all kinds go as `ms`. A timer below 0 is a
//! bad line to it.

use super::statsd::Dialect;

pub(super) static DIALECT: Dialect = Dialect {
    packs_values: false,
    histogram: b"|ms",
    distribution: b"|ms",
    signed_gauges_are_relative: true,
    tags_at_end: false,
    sizes_can_be_negative: false,
};

//! The dialect of Telegraf. Source: `plugins/inputs/statsd/README.md` of <https://github.com/influxdata/telegraf>.
//!
//! It reads gauges as Etsy's daemon does. `d` counts for nothing there unless it is asked to speak DogStatsD, so distributions
//! go as `h`; a size with a sign is a bad line.

use super::statsd::Dialect;

pub(super) static DIALECT: Dialect = Dialect {
    packs_values: false,
    histogram: b"|h",
    distribution: b"|h",
    signed_gauges_are_relative: true,
    tags_at_end: false,
    sizes_can_be_negative: false,
};

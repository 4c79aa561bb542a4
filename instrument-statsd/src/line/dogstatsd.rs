//! The dialect of the Datadog agent. Source: <https://docs.datadoghq.com/developers/dogstatsd/datagram_shell>, protocol 1.1.
//!
//! A sign in front of a gauge is part of the value, and no line adds to a gauge.

use super::statsd::Dialect;

pub(super) static DIALECT: Dialect = Dialect {
    packs_values: true,
    histogram: b"|h",
    distribution: b"|d",
    signed_gauges_are_relative: false,
    tags_at_end: true,
    sizes_can_be_negative: true,
};

//! What the formats look like, and what other parsers read of them.

mod exposition;
mod generate;
mod messages;
mod openmetrics;
mod parser;
mod protobuf;
mod registry;
mod round_trip;
mod text;
mod utf8_names;

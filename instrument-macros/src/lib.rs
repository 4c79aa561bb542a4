//! The macros of `instrument-core`, which re-exports them: `use instrument_core::instrument_red`. So a manifest names that crate
//! alone, by path: it is not on crates.io yet.
//!
//! Each reads its input into a model (`attr`, `valid`), and writes from that what the user would have written by hand
//! (`expand`). Expansions are a few lines that call `instrument_core::__private`, where the behaviour is ordinary code.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[macro_use]
mod hygiene;

mod arguments;
mod crate_path;
mod derived;
mod help;
mod instrument_red;
mod label_value;
mod labels;
mod metrics;
mod mistakes;
mod name;
mod value;

#[doc = include_str!("instrument_red/reference.md")]
#[proc_macro_attribute]
pub fn instrument_red(arguments: TokenStream, item: TokenStream) -> TokenStream {
    instrument_red::attribute(arguments.into(), item.into()).into()
}

#[doc = include_str!("labels/reference.md")]
#[proc_macro_derive(Labels, attributes(labels))]
pub fn labels(input: TokenStream) -> TokenStream {
    labels::derive(&parse_macro_input!(input as DeriveInput)).into()
}

#[doc = include_str!("label_value/reference.md")]
#[proc_macro_derive(LabelValue, attributes(label_value))]
pub fn label_value(input: TokenStream) -> TokenStream {
    label_value::derive(&parse_macro_input!(input as DeriveInput)).into()
}

#[doc = include_str!("metrics/reference.md")]
#[proc_macro_derive(Metrics, attributes(metrics, metric))]
pub fn metrics(input: TokenStream) -> TokenStream {
    metrics::derive(&parse_macro_input!(input as DeriveInput)).into()
}

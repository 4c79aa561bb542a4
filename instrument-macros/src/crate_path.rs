use proc_macro2::TokenStream;

/// Where an expansion finds `instrument-core`: at `crate = path`, or by its own name.
pub(crate) fn crate_path(given: Option<&TokenStream>) -> TokenStream {
    given.cloned().unwrap_or_else(|| hygienic!(::instrument_core))
}

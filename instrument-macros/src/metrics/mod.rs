//! `#[derive(Metrics)]`: a struct of metrics in, their registration out.

mod attr;
mod expand;
mod valid;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::attr::StructAttr;
use self::valid::MetricSet;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let (attr, read) = match StructAttr::read(&input.attrs) {
        Ok(attr) => {
            let set = MetricSet::read(input, attr.prefix.as_ref());
            (attr, set)
        }
        Err(error) => (StructAttr::default(), Err(error)),
    };
    match read {
        Ok(set) => expand::expand(input, &set, &attr),
        Err(error) => expand::expand_mistaken(input, &error, &attr),
    }
}

//! `#[derive(Labels)]`: a struct in, its labels' names, texts and position out.

mod attr;
mod expand;
mod field;
mod valid;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::attr::StructAttr;
use self::valid::LabelSet;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let (attr, read) = match StructAttr::read(&input.attrs) {
        Ok(attr) => {
            let set = LabelSet::read(input, attr.utf8_names);
            (attr, set)
        }
        Err(error) => (StructAttr::default(), Err(error)),
    };
    match read {
        Ok(set) => expand::expand(input, &set, &attr),
        Err(error) => expand::expand_mistaken(input, &error, &attr),
    }
}

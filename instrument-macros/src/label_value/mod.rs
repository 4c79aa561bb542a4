//! `#[derive(LabelValue)]`: an enum in, the text and the position of its variants out.

mod attr;
mod case;
mod expand;
mod valid;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::attr::EnumAttr;
use self::valid::Values;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let (attr, read) = match EnumAttr::read(&input.attrs) {
        Ok(attr) => {
            let values = Values::read(input, &attr);
            (attr, values)
        }
        Err(error) => (EnumAttr::default(), Err(error)),
    };
    match read {
        Ok(values) => expand::expand(input, &values, &attr),
        Err(error) => expand::expand_mistaken(input, &error, &attr),
    }
}

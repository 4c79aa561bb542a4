use proc_macro2::TokenStream;
use syn::{DeriveInput, Error};

use super::attr::EnumAttr;
use super::valid::{Value, Values};
use crate::crate_path::crate_path;
use crate::derived::implement;

pub(crate) fn expand(input: &DeriveInput, Values(values): &Values<'_>, attr: &EnumAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let count = values.len();
    let variants: Vec<_> = values.iter().map(pattern).collect();
    let texts: Vec<_> = values.iter().map(|value| &value.text).collect();
    let positions: Vec<_> = (0..count).collect();
    let members = hygienic! {
        const CARDINALITY: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::Some(#count);

        #[inline]
        fn with_text<__R>(&self, read: impl ::core::ops::FnOnce(&::core::primitive::str) -> __R) -> __R {
            read(match self { #(#variants => #texts,)* })
        }

        #[inline]
        fn index(&self) -> ::core::primitive::usize {
            match self { #(#variants => #positions,)* }
        }

        fn text_at(index: ::core::primitive::usize) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
            ::std::borrow::Cow::Borrowed(match index { #(#positions => #texts,)* _ => "" })
        }
    };
    implement(&hygienic!(#krate::LabelValue), input, [], &members)
}

fn pattern(Value { variant, has_fields, .. }: &Value<'_>) -> TokenStream {
    let fields = has_fields.then(|| hygienic!({ .. }));
    hygienic!(Self::#variant #fields)
}

/// The error, and an impl that is never run: without one, every use of the type would be an error too.
pub(crate) fn expand_mistaken(input: &DeriveInput, error: &Error, attr: &EnumAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let members = hygienic! {
        fn with_text<__R>(&self, _: impl ::core::ops::FnOnce(&::core::primitive::str) -> __R) -> __R {
            ::core::unreachable!()
        }
    };
    let stub = implement(&hygienic!(#krate::LabelValue), input, [], &members);
    let error = error.to_compile_error();
    hygienic!(#stub #error)
}

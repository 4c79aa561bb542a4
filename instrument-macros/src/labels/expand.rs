use proc_macro2::TokenStream;
use syn::{DeriveInput, Error};

use super::attr::StructAttr;
use super::valid::{Label, LabelSet};
use crate::crate_path::crate_path;
use crate::derived::implement;

pub(crate) fn expand(input: &DeriveInput, set: &LabelSet<'_>, attr: &StructAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let names = set.labels.iter().map(|label| &label.name);
    let cardinalities =
        set.labels.iter().map(|Label { ty, .. }| hygienic!(<#ty as #krate::LabelValue>::CARDINALITY));
    let visits = set.labels.iter().map(|Label { field, ty, .. }| {
        hygienic!(<#ty as #krate::LabelValue>::with_text(&self.#field, |text| visitor.value(text));)
    });
    // A position is a number in mixed radix: a digit for each label, the last label's the lowest.
    let digits = set.labels.iter().map(|Label { field, ty, .. }| {
        hygienic! {
            index = index * #krate::__private::radix(<#ty as #krate::LabelValue>::CARDINALITY)
                + <#ty as #krate::LabelValue>::index(&self.#field);
        }
    });
    let texts = set.labels.iter().rev().map(|Label { ty, .. }| {
        hygienic! {
            let radix = #krate::__private::radix(<#ty as #krate::LabelValue>::CARDINALITY);
            texts.push(<#ty as #krate::LabelValue>::text_at(index % radix));
            index /= radix;
        }
    });
    let members = hygienic! {
        const CARDINALITY: ::core::option::Option<::core::primitive::usize> =
            #krate::__private::product(&[#(#cardinalities),*]);

        fn names() -> ::std::vec::Vec<&'static ::core::primitive::str> {
            ::std::vec::Vec::from([#(#names),*])
        }

        fn visit(&self, visitor: &mut impl #krate::LabelVisitor) {
            #(#visits)*
        }

        fn index(&self) -> ::core::primitive::usize {
            let mut index = 0;
            if <Self as #krate::Labels>::CARDINALITY.is_some() {
                #(#digits)*
            }
            index
        }

        fn texts_at(mut index: ::core::primitive::usize)
            -> ::std::vec::Vec<::std::borrow::Cow<'static, ::core::primitive::str>>
        {
            let mut texts = ::std::vec::Vec::new();
            if <Self as #krate::Labels>::CARDINALITY.is_some_and(|sets| index < sets) {
                #(#texts)*
                texts.reverse();
            }
            texts
        }
    };
    let types = set.labels.iter().map(|label| label.ty);
    implement(&hygienic!(#krate::Labels), input, types, &hygienic!(#krate::LabelValue), &members)
}

/// The error, and an impl that is never run: without one, every use of the type would be an error too.
pub(crate) fn expand_mistaken(input: &DeriveInput, error: &Error, attr: &StructAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let members = hygienic! {
        const CARDINALITY: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;

        fn names() -> ::std::vec::Vec<&'static ::core::primitive::str> {
            ::core::unreachable!()
        }

        fn visit(&self, _: &mut impl #krate::LabelVisitor) {}

        fn index(&self) -> ::core::primitive::usize {
            ::core::unreachable!()
        }

        fn texts_at(_: ::core::primitive::usize)
            -> ::std::vec::Vec<::std::borrow::Cow<'static, ::core::primitive::str>>
        {
            ::core::unreachable!()
        }
    };
    let stub = implement(&hygienic!(#krate::Labels), input, [], &TokenStream::new(), &members);
    let error = error.to_compile_error();
    hygienic!(#stub #error)
}

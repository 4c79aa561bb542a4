use proc_macro2::TokenStream;
use syn::{DeriveInput, Error};

use super::attr::StructAttr;
use super::field::Parts;
use super::valid::LabelSet;
use crate::crate_path::crate_path;
use crate::derived::implement;

pub(crate) fn expand(input: &DeriveInput, set: &LabelSet<'_>, attr: &StructAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let parts: Vec<Parts> = set.fields.iter().map(|field| Parts::of(field, &krate)).collect();
    let names = parts.iter().map(|part| &part.names);
    let cardinalities = parts.iter().map(|part| &part.cardinality);
    let visits = parts.iter().map(|part| &part.visit);
    // A position is a number in mixed radix: a digit for each field, the last field's the lowest.
    let digits = parts.iter().map(|Parts { cardinality, index, .. }| {
        hygienic!(index = index * #krate::__private::radix(#cardinality) + #index;)
    });
    let texts = parts.iter().rev().map(|Parts { cardinality, texts_at, .. }| {
        hygienic! {
            let radix = #krate::__private::radix(#cardinality);
            let digit = index % radix;
            #texts_at
            index /= radix;
        }
    });
    let known_values = parts.iter().map(|part| &part.known_values);
    let members = hygienic! {
        const CARDINALITY: ::core::option::Option<::core::primitive::usize> =
            #krate::__private::product(&[#(#cardinalities),*]);

        fn names() -> ::std::vec::Vec<&'static ::core::primitive::str> {
            let mut names = ::std::vec::Vec::new();
            #(#names)*
            names
        }

        #[inline(always)]
        fn visit(&self, visitor: &mut impl #krate::LabelVisitor) {
            #(#visits)*
        }

        #[inline]
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

        fn known_values() -> ::std::vec::Vec<
            ::std::vec::Vec<::std::borrow::Cow<'static, ::core::primitive::str>>,
        > {
            let mut known = ::std::vec::Vec::new();
            #(#known_values)*
            known
        }
    };
    let bounds = parts.iter().map(|part| (part.ty, &part.bound));
    implement(&hygienic!(#krate::Labels), input, bounds, &members)
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
    let stub = implement(&hygienic!(#krate::Labels), input, [], &members);
    let error = error.to_compile_error();
    hygienic!(#stub #error)
}

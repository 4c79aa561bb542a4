use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{DeriveInput, Error};

use super::attr::StructAttr;
use super::valid::{Metric, MetricSet};
use crate::crate_path::crate_path;
use crate::derived::implement;

pub(crate) fn expand(input: &DeriveInput, set: &MetricSet<'_>, attr: &StructAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let fields = set.metrics.iter().map(|Metric { field, ty, name, help, unit, buckets, max_series }| {
        // Located at the field, whose line it is to give.
        let defined_at = quote_spanned!(field.span()=> ::core::panic::Location::caller());
        let unit = option(unit.as_ref());
        let buckets = option(buckets.as_ref());
        let max_series = option(max_series.as_ref());
        hygienic! {
            #field: <#ty as #krate::__private::RegisterField>::register_field(
                registry,
                #krate::__private::FieldOptions {
                    name: #name,
                    help: #help,
                    unit: #unit,
                    buckets: #buckets,
                    max_series: #max_series,
                    defined_at: #defined_at,
                },
            )?
        }
    });
    let register =
        register(&krate, &hygienic!(registry), &hygienic!(::core::result::Result::Ok(Self { #(#fields),* })));
    let bound = hygienic!(#krate::__private::RegisterField);
    let bounds = set.metrics.iter().map(|metric| (metric.ty, &bound));
    implement(&hygienic!(#krate::Metrics), input, bounds, &register)
}

/// The error, and an impl that is never run: without one, every use of the type would be an error too.
pub(crate) fn expand_mistaken(input: &DeriveInput, error: &Error, attr: &StructAttr) -> TokenStream {
    let krate = crate_path(attr.krate.as_ref());
    let register = register(&krate, &hygienic!(_), &hygienic!(::core::unreachable!()));
    let stub = implement(&hygienic!(#krate::Metrics), input, [], &register);
    let error = error.to_compile_error();
    hygienic!(#stub #error)
}

fn register(krate: &TokenStream, registry: &TokenStream, body: &TokenStream) -> TokenStream {
    hygienic! {
        fn register(#registry: &#krate::Registry) -> ::core::result::Result<Self, #krate::Error> {
            #body
        }
    }
}

fn option(value: Option<&impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => hygienic!(::core::option::Option::Some(#value)),
        None => hygienic!(::core::option::Option::None),
    }
}

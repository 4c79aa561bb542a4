use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned as _;

use super::valid::{Field, Kind, Label};
use crate::value::Bound;

/// What one field contributes to the members of the impl.
pub(crate) struct Parts<'i> {
    pub(crate) ty: &'i Type,
    /// What its type must implement.
    pub(crate) bound: TokenStream,
    /// Its number of values, if that is known.
    pub(crate) cardinality: TokenStream,
    /// Appends to `names`.
    pub(crate) names: TokenStream,
    /// Shows its texts to `visitor`.
    pub(crate) visit: TokenStream,
    /// The position of its value.
    pub(crate) index: TokenStream,
    /// Appends the texts at the position `digit` to `texts`, the last label's first.
    pub(crate) texts_at: TokenStream,
    /// Appends the values of its labels to `known`.
    pub(crate) known_values: TokenStream,
}

impl<'i> Parts<'i> {
    pub(crate) fn of(field: &Field<'i>, krate: &TokenStream) -> Self {
        let Field { ident, ty, kind } = field;
        match kind {
            Kind::Label(name, Label::Value) => {
                let bound = hygienic!(#krate::LabelValue);
                Self::of_value(field, name, krate, bound, ty, &hygienic!(&self.#ident))
            }
            Kind::Label(name, Label::Ranged(range)) => {
                let [first, last] = [&range.first, &range.last].map(bound);
                let bound = hygienic!(#krate::__private::Ranged);
                // Located at the type, so that the compiler points there when it is not an integer.
                let at_type = ty.span().resolved_at(Span::mixed_site());
                let value_type = quote_spanned!(at_type=> <#ty as #bound>::In<#first, #last>);
                let value =
                    quote_spanned!(at_type=> &<#ty as #bound>::in_range::<#first, #last>(&self.#ident));
                Self::of_value(field, name, krate, bound, &value_type, &value)
            }
            Kind::Label(name, Label::Displayed) => Self::of_displayed(field, name, krate),
            Kind::Flattened => Self::of_flattened(field, krate),
        }
    }

    /// A label whose value is of a type that implements `LabelValue`.
    fn of_value(
        field: &Field<'i>,
        name: &str,
        krate: &TokenStream,
        bound: TokenStream,
        value_type: impl quote::ToTokens,
        value: &TokenStream,
    ) -> Self {
        let label_value = hygienic!(<#value_type as #krate::LabelValue>);
        Self {
            ty: field.ty,
            bound,
            cardinality: hygienic!(#label_value::CARDINALITY),
            names: hygienic!(names.push(#name);),
            visit: hygienic!(#label_value::with_text(#value, |text| visitor.value(text));),
            index: hygienic!(#label_value::index(#value)),
            texts_at: hygienic!(texts.push(#label_value::text_at(digit));),
            known_values: hygienic! {
                known.push(#krate::__private::known_values(
                    #label_value::CARDINALITY,
                    |index| #label_value::text_at(index),
                ));
            },
        }
    }

    fn of_displayed(field: &Field<'i>, name: &str, krate: &TokenStream) -> Self {
        let Field { ident, ty, .. } = field;
        Self {
            ty,
            bound: hygienic!(::core::fmt::Display),
            cardinality: hygienic!(::core::option::Option::None),
            names: hygienic!(names.push(#name);),
            visit: hygienic!(#krate::__private::visit_displayed::<#ty>(&self.#ident, visitor);),
            // The set is not finite, so nobody asks.
            index: hygienic!(0),
            texts_at: hygienic!(let _ = digit;),
            known_values: hygienic!(known.push(::std::vec::Vec::new());),
        }
    }

    fn of_flattened(field: &Field<'i>, krate: &TokenStream) -> Self {
        let Field { ident, ty, .. } = field;
        let labels = hygienic!(<#ty as #krate::Labels>);
        Self {
            ty,
            bound: hygienic!(#krate::Labels),
            cardinality: hygienic!(#labels::CARDINALITY),
            names: hygienic!(names.extend(#labels::names());),
            visit: hygienic!(#labels::visit(&self.#ident, visitor);),
            index: hygienic!(#labels::index(&self.#ident)),
            texts_at: hygienic! {
                texts.extend(::core::iter::Iterator::rev(
                    ::core::iter::IntoIterator::into_iter(#labels::texts_at(digit)),
                ));
            },
            known_values: hygienic!(known.extend(#labels::known_values());),
        }
    }
}

/// The end of a range, as an argument of a type.
fn bound(bound: &Bound) -> TokenStream {
    match bound {
        Bound::Number(number) => {
            let number = Literal::i64_suffixed(*number);
            hygienic!({ #number })
        }
        Bound::Expression { value, before } => {
            let before = before.then(|| hygienic!(-1));
            hygienic!({ (#value) as ::core::primitive::i64 #before })
        }
    }
}

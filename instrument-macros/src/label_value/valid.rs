use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, Result, Variant};

use super::attr::{EnumAttr, VariantAttr};
use crate::mistakes::Mistakes;

/// The values of an enum, in the order of its variants; at least one.
pub(crate) struct Values<'i>(pub(crate) Vec<Value<'i>>);

pub(crate) struct Value<'i> {
    pub(crate) variant: &'i Ident,
    pub(crate) has_fields: bool,
    pub(crate) text: String,
}

impl<'i> Values<'i> {
    pub(crate) fn read(input: &'i DeriveInput, attr: &EnumAttr) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        let mut values: Vec<Value<'i>> = Vec::new();
        for variant in &enumeration(input)?.variants {
            let Some((value, span)) = mistakes.notice(Value::read(variant, attr)) else { continue };
            if let Some(earlier) = values.iter().find(|earlier| earlier.text == value.text) {
                let message = format!(
                    "`{}` has the text \"{}\" too, and series are told apart by text: write `#[label_value(rename = \"..\")]` \
                     on one of the two",
                    earlier.variant, value.text,
                );
                mistakes.add(Error::new(span, message));
            }
            values.push(value);
        }
        mistakes.finish()?;
        Ok(Self(values))
    }
}

impl<'i> Value<'i> {
    /// The value of a variant, and where its text stands.
    fn read(variant: &'i Variant, of_enum: &EnumAttr) -> Result<(Self, Span)> {
        let attr = VariantAttr::read(&variant.attrs)?;
        let has_fields = !matches!(variant.fields, Fields::Unit);
        if has_fields && !(attr.ignore_fields || of_enum.ignore_fields) {
            let message = format!(
                "`{}` has fields, so its values cannot be listed: write `#[label_value(ignore_fields)]` for one text whatever they \
                 hold, or implement `LabelValue` by hand",
                variant.ident,
            );
            return Err(Error::new(variant.fields.span(), message));
        }
        let (text, span) = match attr.rename {
            Some(text) => (text.value, text.span),
            None => (of_enum.rename_all.apply(&variant.ident.unraw().to_string()), variant.ident.span()),
        };
        Ok((Self { variant: &variant.ident, has_fields, text }, span))
    }
}

fn enumeration(input: &DeriveInput) -> Result<&DataEnum> {
    let span = match &input.data {
        Data::Enum(data) if data.variants.is_empty() => {
            return Err(Error::new(
                input.ident.span(),
                format!("`{}` has no values: give it variants", input.ident),
            ));
        }
        Data::Enum(data) => return Ok(data),
        Data::Struct(data) => data.struct_token.span(),
        Data::Union(data) => data.union_token.span(),
    };
    let message = "`#[derive(LabelValue)]` stands on an enum: for another type, implement `LabelValue` by hand or write \
                   `#[labels(display)]` where it is a field; for a set of labels, write `#[derive(Labels)]`";
    Err(Error::new(span, message))
}

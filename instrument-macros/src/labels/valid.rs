use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Field, Fields, Result, Type};

use super::attr::FieldAttr;
use crate::mistakes::Mistakes;
use crate::name;

/// The labels of a struct, in the order of its fields.
pub(crate) struct LabelSet<'i> {
    pub(crate) labels: Vec<Label<'i>>,
}

pub(crate) struct Label<'i> {
    pub(crate) field: &'i Ident,
    pub(crate) ty: &'i Type,
    pub(crate) name: String,
}

impl<'i> LabelSet<'i> {
    pub(crate) fn read(input: &'i DeriveInput) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        let mut labels: Vec<Label<'i>> = Vec::new();
        for field in named_fields(input)? {
            let Some((label, span)) = mistakes.notice(Label::read(field)).flatten() else { continue };
            let rule = if labels.iter().any(|earlier| earlier.name == label.name) {
                Err("it is there twice: write `#[labels(rename = \"..\")]` on one of the two")
            } else {
                name::check_label(&label.name)
            };
            match rule {
                Ok(()) => labels.push(label),
                Err(rule) => mistakes.add(Error::new(span, format!("label `{}`: {rule}", label.name))),
            }
        }
        mistakes.finish()?;
        Ok(Self { labels })
    }
}

impl<'i> Label<'i> {
    /// The label of a field, and where its name stands; nothing for a skipped field.
    fn read(field: &'i Field) -> Result<Option<(Self, Span)>> {
        let attr = FieldAttr::read(&field.attrs)?;
        let Some(ident) = field.ident.as_ref().filter(|_| !attr.skip) else { return Ok(None) };
        let (name, span) = match attr.rename {
            Some(name) => (name.value, name.span),
            None => (ident.unraw().to_string(), ident.span()),
        };
        Ok(Some((Self { field: ident, ty: &field.ty, name }, span)))
    }
}

fn named_fields(input: &DeriveInput) -> Result<impl Iterator<Item = &Field>> {
    let (span, message) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) | Fields::Unit => return Ok(data.fields.iter()),
            Fields::Unnamed(fields) => (
                fields.span(),
                "a label is named after its field, and these have no names: write `{ name: Type, .. }`",
            ),
        },
        Data::Enum(data) => (
            data.enum_token.span(),
            "`#[derive(Labels)]` stands on a struct with a field for each label: for the values of one label, write \
             `#[derive(LabelValue)]`",
        ),
        Data::Union(data) => (
            data.union_token.span(),
            "`#[derive(Labels)]` stands on a struct with a field for each label: write `struct`",
        ),
    };
    Err(Error::new(span, message))
}

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, Result, Type};

use super::attr::{FieldAttr, Role};
use crate::mistakes::Mistakes;
use crate::name;
use crate::value::Range;

/// The fields of a struct that have labels, in their order.
pub(crate) struct LabelSet<'i> {
    pub(crate) fields: Vec<Field<'i>>,
}

pub(crate) struct Field<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) ty: &'i Type,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// One label, by its name.
    Label(String, Label),
    /// The labels of a set.
    Flattened,
}

/// Where the value of a label comes from.
pub(crate) enum Label {
    Value,
    Displayed,
    Ranged(Range),
}

impl<'i> LabelSet<'i> {
    pub(crate) fn read(input: &'i DeriveInput, utf8_names: bool) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        let mut fields: Vec<Field<'i>> = Vec::new();
        for field in named_fields(input)? {
            let Some((field, span)) = mistakes.notice(Field::read(field)).flatten() else { continue };
            let rule = match &field.kind {
                // Whether its names are there twice shows at registration.
                Kind::Flattened => Ok(()),
                Kind::Label(name, _) if fields.iter().any(|earlier| earlier.has_name(name)) => {
                    Err((name, "it is there twice: write `#[labels(rename = \"..\")]` on one of the two"))
                }
                Kind::Label(name, _) if utf8_names => {
                    name::check_utf8_label(name).map_err(|rule| (name, rule))
                }
                Kind::Label(name, _) => name::check_label(name).map_err(|rule| (name, rule)),
            };
            match rule {
                Ok(()) => fields.push(field),
                Err((name, rule)) => mistakes.add(Error::new(span, format!("label `{name}`: {rule}"))),
            }
        }
        mistakes.finish()?;
        Ok(Self { fields })
    }
}

impl<'i> Field<'i> {
    /// What a field is, and where the name of its label stands; nothing for a skipped field.
    fn read(field: &'i syn::Field) -> Result<Option<(Self, Span)>> {
        let Some(ident) = &field.ident else { return Ok(None) };
        let FieldAttr { rename, role } = FieldAttr::read(&field.attrs)?;
        let label = match role {
            Role::Value => Some(Label::Value),
            Role::Displayed => Some(Label::Displayed),
            Role::Ranged(range) => Some(Label::Ranged(range)),
            Role::Flattened => None,
            Role::Skipped => return Ok(None),
        };
        let (name, span) = match rename {
            Some(name) => (name.value, name.span),
            None => (ident.unraw().to_string(), ident.span()),
        };
        let kind = label.map_or(Kind::Flattened, |label| Kind::Label(name, label));
        Ok(Some((Self { ident, ty: &field.ty, kind }, span)))
    }

    fn has_name(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Label(own, _) if own == name)
    }
}

fn named_fields(input: &DeriveInput) -> Result<impl Iterator<Item = &syn::Field>> {
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

use proc_macro2::TokenStream;
use syn::{Attribute, Error, Result};

use crate::arguments::Arguments;
use crate::value::{self, Text};

/// The arguments of `#[metrics(..)]` on a struct.
#[derive(Default)]
pub(crate) struct StructAttr {
    pub(crate) prefix: Option<Text>,
    pub(crate) krate: Option<TokenStream>,
}

impl StructAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        refuse(
            attributes,
            "metric",
            "`#[metric(..)]` stands on a field: on the struct, write `#[metrics(..)]`",
        )?;
        let mut attr = Self::default();
        let arguments = Arguments::new("`#[metrics]`", &["prefix = \"..\"", "crate = path"]);
        arguments.read_all("metrics", attributes, |name, input| {
            match name.to_string().as_str() {
                "prefix" => attr.prefix = Some(value::string(name, input)?),
                "crate" => attr.krate = Some(value::path(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

/// The arguments of `#[metric(..)]` on a field.
#[derive(Default)]
pub(crate) struct FieldAttr {
    pub(crate) name: Option<Text>,
    pub(crate) help: Option<Text>,
    pub(crate) unit: Option<Text>,
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) max_series: Option<TokenStream>,
}

const FIELD_FORMS: &[&str] =
    &["name = \"..\"", "help = \"..\"", "unit = \"..\"", "buckets = expression", "max_series = expression"];

impl FieldAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        refuse(
            attributes,
            "metrics",
            "`#[metrics(..)]` stands on the struct: on a field, write `#[metric(..)]`",
        )?;
        let mut attr = Self::default();
        Arguments::new("`#[metric]`", FIELD_FORMS).read_all("metric", attributes, |name, input| {
            match name.to_string().as_str() {
                "name" => attr.name = Some(value::string(name, input)?),
                "help" => attr.help = Some(value::string(name, input)?),
                "unit" => attr.unit = Some(value::string(name, input)?),
                "buckets" => attr.buckets = Some(value::expression(name, input)?),
                "max_series" => attr.max_series = Some(value::expression(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

/// The two attributes differ by a letter.
fn refuse(attributes: &[Attribute], name: &str, message: &str) -> Result<()> {
    match attributes.iter().find(|attribute| attribute.path().is_ident(name)) {
        Some(misplaced) => Err(Error::new_spanned(misplaced.path(), message)),
        None => Ok(()),
    }
}

use proc_macro2::TokenStream;
use syn::{Attribute, Result};

use super::case::Case;
use crate::arguments::Arguments;
use crate::value::{self, Text};

/// The arguments of `#[label_value(..)]` on an enum.
#[derive(Default)]
pub(crate) struct EnumAttr {
    pub(crate) rename_all: Case,
    /// Whether variants may have fields, which their texts say nothing of.
    pub(crate) ignore_fields: bool,
    pub(crate) krate: Option<TokenStream>,
}

impl EnumAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let forms = &["rename_all = \"snake_case\"", "ignore_fields", "crate = path"];
        let arguments = Arguments::new("`#[label_value]` on an enum", forms);
        arguments.read_all("label_value", attributes, |name, input| {
            match name.to_string().as_str() {
                "rename_all" => attr.rename_all = Case::named(&value::string(name, input)?)?,
                "ignore_fields" => {
                    value::nothing(name, input)?;
                    attr.ignore_fields = true;
                }
                "crate" => attr.krate = Some(value::path(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

/// The arguments of `#[label_value(..)]` on a variant.
#[derive(Default)]
pub(crate) struct VariantAttr {
    pub(crate) rename: Option<Text>,
    /// Whether it may have fields, which its text says nothing of.
    pub(crate) ignore_fields: bool,
}

impl VariantAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments =
            Arguments::new("`#[label_value]` on a variant", &["rename = \"..\"", "ignore_fields"]);
        arguments.read_all("label_value", attributes, |name, input| {
            match name.to_string().as_str() {
                "rename" => attr.rename = Some(value::string(name, input)?),
                "ignore_fields" => {
                    value::nothing(name, input)?;
                    attr.ignore_fields = true;
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

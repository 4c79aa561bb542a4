use proc_macro2::TokenStream;
use syn::{Attribute, Result};

use super::case::Case;
use crate::arguments::Arguments;
use crate::value::{self, Text};

/// The arguments of `#[label_value(..)]` on an enum.
#[derive(Default)]
pub(crate) struct EnumAttr {
    pub(crate) rename_all: Case,
    pub(crate) krate: Option<TokenStream>,
}

impl EnumAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments =
            Arguments::new("`#[label_value]` on an enum", &["rename_all = \"snake_case\"", "crate = path"]);
        arguments.read_all("label_value", attributes, |name, input| {
            match name.to_string().as_str() {
                "rename_all" => attr.rename_all = Case::named(&value::string(name, input)?)?,
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
}

impl VariantAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments = Arguments::new("`#[label_value]` on a variant", &["rename = \"..\""]);
        arguments.read_all("label_value", attributes, |name, input| {
            match name.to_string().as_str() {
                "rename" => attr.rename = Some(value::string(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

use proc_macro2::TokenStream;
use syn::{Attribute, Result};

use crate::arguments::Arguments;
use crate::value::{self, Text};

/// The arguments of `#[labels(..)]` on a struct.
#[derive(Default)]
pub(crate) struct StructAttr {
    pub(crate) krate: Option<TokenStream>,
}

impl StructAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments = Arguments::new("`#[labels]` on a struct", &["crate = path"]);
        arguments.read_all("labels", attributes, |name, input| {
            match name.to_string().as_str() {
                "crate" => attr.krate = Some(value::path(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

/// The arguments of `#[labels(..)]` on a field.
#[derive(Default)]
pub(crate) struct FieldAttr {
    pub(crate) rename: Option<Text>,
    pub(crate) skip: bool,
}

impl FieldAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments = Arguments::new("`#[labels]` on a field", &["rename = \"..\"", "skip"]);
        arguments.read_all("labels", attributes, |name, input| {
            match name.to_string().as_str() {
                "rename" => attr.rename = Some(value::string(name, input)?),
                "skip" => {
                    value::nothing(name, input)?;
                    attr.skip = true;
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(attr)
    }
}

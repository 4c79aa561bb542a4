use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Error, Result};

use crate::arguments::Arguments;
use crate::value::{self, Range, Text};

/// The arguments of `#[labels(..)]` on a struct.
#[derive(Default)]
pub(crate) struct StructAttr {
    pub(crate) krate: Option<TokenStream>,
    /// Whether names can have characters that only registries with `utf8_names` take.
    pub(crate) utf8_names: bool,
}

impl StructAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut attr = Self::default();
        let arguments = Arguments::new("`#[labels]` on a struct", &["utf8_names", "crate = path"]);
        arguments.read_all("labels", attributes, |name, input| {
            match name.to_string().as_str() {
                "crate" => attr.krate = Some(value::path(name, input)?),
                "utf8_names" => {
                    value::nothing(name, input)?;
                    attr.utf8_names = true;
                }
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
    pub(crate) role: Role,
}

/// What a field is to the label set.
#[derive(Default)]
pub(crate) enum Role {
    /// A label, and the field is its value.
    #[default]
    Value,
    /// A label, and what the field displays is its value.
    Displayed,
    /// A label, and the field is its value as long as it is in the range.
    Ranged(Range),
    /// Labels: the field is a set of them.
    Flattened,
    /// Nothing.
    Skipped,
}

const FIELD_FORMS: &[&str] = &["rename = \"..\"", "display", "range = 0..=9", "flatten", "skip"];

impl FieldAttr {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut rename = None;
        let mut role: Option<(Ident, Role)> = None;
        Arguments::new("`#[labels]` on a field", FIELD_FORMS).read_all(
            "labels",
            attributes,
            |name, input| {
                let given = match name.to_string().as_str() {
                    "rename" => {
                        rename = Some(value::string(name, input)?);
                        return Ok(true);
                    }
                    "range" => Role::Ranged(value::range(name, input)?),
                    "display" => Role::Displayed,
                    "flatten" => Role::Flattened,
                    "skip" => Role::Skipped,
                    _ => return Ok(false),
                };
                if !matches!(given, Role::Ranged(_)) {
                    value::nothing(name, input)?;
                }
                if let Some((earlier, _)) = &role {
                    let message = format!("`{earlier}` and `{name}` exclude each other: keep one of the two");
                    return Err(Error::new(name.span(), message));
                }
                role = Some((name.clone(), given));
                Ok(true)
            },
        )?;
        if let (Some(rename), Some((name, Role::Flattened | Role::Skipped))) = (&rename, &role) {
            let message =
                format!("a field under `{name}` is not a label that could be renamed: keep one of the two");
            return Err(Error::new(rename.span, message));
        }
        Ok(Self { rename, role: role.map(|(_, role)| role).unwrap_or_default() })
    }
}

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result};

use crate::arguments::Arguments;
use crate::value::{self, Text};

const FORMS: &[&str] = &["function = \"..\"", "module = \"..\""];

/// `rename(function = "..", module = "..")`: what the labels say instead of the function's own names.
#[derive(Clone, Default)]
pub(crate) struct Rename {
    pub(crate) function: Option<Text>,
    pub(crate) module: Option<Text>,
}

impl Rename {
    /// What follows `rename`: `(function = "..", module = "..")`, or `= ".."` for the function.
    pub(crate) fn parse(name: &Ident, input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(syn::token::Paren) {
            return Ok(Self { function: Some(text(name, input)?), module: None });
        }
        let mut rename = Self::default();
        let inside;
        syn::parenthesized!(inside in input);
        Arguments::new("`rename`", FORMS).read(&inside, |name, input| {
            match name.to_string().as_str() {
                "function" => rename.function = Some(text(name, input)?),
                "module" => rename.module = Some(text(name, input)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(rename)
    }

    /// These, and where nothing is said those of the block around.
    pub(crate) fn or(self, around: Self) -> Self {
        Self { function: self.function.or(around.function), module: self.module.or(around.module) }
    }
}

fn text(name: &Ident, input: ParseStream<'_>) -> Result<Text> {
    let text = value::string(name, input)?;
    if text.value.is_empty() {
        return Err(Error::new(text.span, "a label without text is left out: write what it is to say"));
    }
    Ok(text)
}

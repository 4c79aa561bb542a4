use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Result, Token};

use super::objective::Objective;
use super::rename::Rename;
use crate::arguments::Arguments;
use crate::help;
use crate::value::{self, Text};

const FORMS: &[&str] = &[
    "name = \"..\"",
    "rename(function = \"..\", module = \"..\")",
    "labels(key = expression, ..)",
    "ok_if = condition",
    "err_if = condition",
    "error = kind",
    "poll_time",
    "stream",
    "slo(latency = \"250ms\", target = 0.99)",
    "slo(success = 0.999)",
    "registry = expression",
    "buckets = expression",
    "crate = path",
    "skip",
];

/// The arguments of `#[instrument_red(..)]`.
#[derive(Clone, Default)]
pub(crate) struct Attr {
    pub(crate) name: Option<Text>,
    /// What the family is, where it has a name of its own: the doc comment of the item that gives the name.
    pub(crate) help: Option<String>,
    pub(crate) rename: Rename,
    pub(crate) labels: Vec<Label>,
    pub(crate) outcome: Option<Condition>,
    /// From an error to its kind.
    pub(crate) error: Option<TokenStream>,
    /// The time in polls is recorded too.
    pub(crate) poll_time: Option<Flag>,
    /// The function returns a stream, and the stream is timed.
    pub(crate) stream: Option<Flag>,
    pub(crate) objectives: Vec<Objective>,
    pub(crate) registry: Option<TokenStream>,
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) krate: Option<TokenStream>,
    /// The function is left as it is.
    pub(crate) skip: bool,
}

/// An argument without a value.
#[derive(Clone, Copy)]
pub(crate) struct Flag {
    pub(crate) span: Span,
    /// Given to a block, it is for those of the functions in it that have a use for it.
    pub(crate) of_block: bool,
}

impl Flag {
    fn parse(name: &Ident, input: ParseStream<'_>) -> Result<Self> {
        value::nothing(name, input)?;
        Ok(Self { span: name.span(), of_block: false })
    }

    fn or(own: Option<Self>, around: Option<Self>) -> Option<Self> {
        own.or(around.map(|around| Self { of_block: true, ..around }))
    }
}

/// `key = expression`.
#[derive(Clone)]
pub(crate) struct Label {
    pub(crate) key: Ident,
    pub(crate) value: TokenStream,
}

/// How the returned value is told to be a success.
#[derive(Clone)]
pub(crate) enum Condition {
    OkIf(TokenStream),
    ErrIf(TokenStream),
}

impl Attr {
    pub(crate) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attr = Self::default();
        Arguments::new("`#[instrument_red]`", FORMS).repeatable("slo").read(input, |name, input| {
            match name.to_string().as_str() {
                "name" => attr.name = Some(value::string(name, input)?),
                "rename" => attr.rename = Rename::parse(name, input)?,
                "labels" => attr.labels = labels(name, input)?,
                "ok_if" => attr.set_outcome(name, Condition::OkIf(value::expression(name, input)?))?,
                "err_if" => attr.set_outcome(name, Condition::ErrIf(value::expression(name, input)?))?,
                "error" => attr.error = Some(value::expression(name, input)?),
                "poll_time" => attr.poll_time = Some(Flag::parse(name, input)?),
                "stream" => attr.stream = Some(Flag::parse(name, input)?),
                "slo" => attr.objectives.extend(Objective::parse(name, input)?),
                "registry" => attr.registry = Some(value::expression(name, input)?),
                "buckets" => attr.buckets = Some(value::expression(name, input)?),
                "crate" => attr.krate = Some(value::path(name, input)?),
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

    /// These arguments, and for those that are not given the ones of the block around.
    pub(crate) fn or(self, around: &Self) -> Self {
        let around = around.clone();
        Self {
            help: if self.name.is_some() { self.help } else { around.help },
            name: self.name.or(around.name),
            rename: self.rename.or(around.rename),
            labels: if self.labels.is_empty() { around.labels } else { self.labels },
            outcome: self.outcome.or(around.outcome),
            error: self.error.or(around.error),
            poll_time: Flag::or(self.poll_time, around.poll_time),
            stream: Flag::or(self.stream, around.stream),
            objectives: if self.objectives.is_empty() { around.objectives } else { self.objectives },
            registry: self.registry.or(around.registry),
            buckets: self.buckets.or(around.buckets),
            krate: self.krate.or(around.krate),
            skip: self.skip,
        }
    }

    /// Takes the doc comment of the item as help text of the family, if the family is named here: the others are those of all functions.
    pub(crate) fn take_help(&mut self, item: &[TokenTree]) {
        let read = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            input.parse::<TokenStream>().map(|_| help::summary(&attributes))
        };
        if self.name.is_some() {
            let summary = read.parse2(item.iter().cloned().collect()).unwrap_or_default();
            self.help = Some(summary).filter(|summary| !summary.is_empty());
        }
    }

    fn set_outcome(&mut self, name: &Ident, condition: Condition) -> Result<()> {
        if self.outcome.replace(condition).is_some() {
            return Err(Error::new(
                name.span(),
                "`ok_if` and `err_if` exclude each other: keep one of the two",
            ));
        }
        Ok(())
    }
}

/// `(key = expression, ..)`.
fn labels(name: &Ident, input: ParseStream<'_>) -> Result<Vec<Label>> {
    const FORM: &str = "write `labels(key = expression, ..)`";
    if !input.peek(syn::token::Paren) {
        return Err(Error::new(name.span(), format!("`labels` lists labels and their values: {FORM}")));
    }
    let inside;
    syn::parenthesized!(inside in input);
    let mut labels = Vec::new();
    while !inside.is_empty() {
        let key = inside
            .call(Ident::parse_any)
            .map_err(|error| Error::new(error.span(), format!("expected the name of a label: {FORM}")))?;
        let value = value::expression(&key, &inside)?;
        labels.push(Label { key, value });
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(labels)
}

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Field, Fields, Result, Type};

use super::attr::FieldAttr;
use crate::help::help;
use crate::mistakes::Mistakes;
use crate::name;
use crate::value::Text;

/// The metrics of a struct, in the order of its fields.
pub(crate) struct MetricSet<'i> {
    pub(crate) metrics: Vec<Metric<'i>>,
}

pub(crate) struct Metric<'i> {
    pub(crate) field: &'i Ident,
    pub(crate) ty: &'i Type,
    /// With the prefix.
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) unit: Option<String>,
    pub(crate) buckets: Option<TokenStream>,
    pub(crate) max_series: Option<TokenStream>,
}

impl<'i> MetricSet<'i> {
    pub(crate) fn read(input: &'i DeriveInput, prefix: Option<&Text>) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        if let Some(prefix) = prefix {
            mistakes.notice(check_name(&prefix.value, prefix.span));
        }
        let mut metrics: Vec<Metric<'i>> = Vec::new();
        for field in named_fields(input)? {
            let Some((metric, span)) = mistakes.notice(Metric::read(field, prefix)).flatten() else {
                continue;
            };
            if metrics.iter().any(|earlier| earlier.name == metric.name) {
                let message = format!(
                    "metric name `{}`: it is there twice: write `#[metric(name = \"..\")]` on one of the two",
                    metric.name,
                );
                mistakes.add(Error::new(span, message));
            }
            metrics.push(metric);
        }
        mistakes.finish()?;
        Ok(Self { metrics })
    }
}

impl<'i> Metric<'i> {
    /// The metric of a field, and where its name stands.
    fn read(field: &'i Field, prefix: Option<&Text>) -> Result<Option<(Self, Span)>> {
        let Some(ident) = &field.ident else { return Ok(None) };
        let attr = FieldAttr::read(&field.attrs)?;
        let (name, span) = match attr.name {
            Some(name) => (name.value, name.span),
            None => (ident.unraw().to_string(), ident.span()),
        };
        check_name(&name, span)?;
        if let Some(unit) = &attr.unit {
            name::check_unit(&unit.value)
                .map_err(|rule| Error::new(unit.span, format!("unit `{}`: {rule}", unit.value)))?;
        }
        let help = attr.help.map_or_else(|| help(&field.attrs), |help| help.value);
        if help.is_empty() {
            let message = format!(
                "metric `{name}` does not say what it counts: write a doc comment, or `#[metric(help = \"..\")]`",
            );
            return Err(Error::new(ident.span(), message));
        }
        let name = prefix.map_or_else(|| name.clone(), |prefix| format!("{}_{name}", prefix.value));
        let FieldAttr { buckets, max_series, .. } = attr;
        let unit = attr.unit.map(|unit| unit.value);
        Ok(Some((Self { field: ident, ty: &field.ty, name, help, unit, buckets, max_series }, span)))
    }
}

fn check_name(name: &str, span: Span) -> Result<()> {
    name::check_metric(name).map_err(|rule| Error::new(span, format!("metric name `{name}`: {rule}")))
}

fn named_fields(input: &DeriveInput) -> Result<impl Iterator<Item = &Field>> {
    let (span, message) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Ok(fields.named.iter()),
            Fields::Unnamed(_) | Fields::Unit => (
                data.fields.span(),
                "a metric is named after its field, and there are none with names: write `{ name: Counter, .. }`",
            ),
        },
        Data::Enum(data) => (data.enum_token.span(), NOT_A_STRUCT),
        Data::Union(data) => (data.union_token.span(), NOT_A_STRUCT),
    };
    Err(Error::new(span, message))
}

const NOT_A_STRUCT: &str =
    "`#[derive(Metrics)]` stands on a struct with a field for each metric: write `struct`";

use syn::ext::IdentExt as _;
use syn::{Error, Result};

use super::attr::{Attr, Label};
use super::function::{Function, Kind};
use crate::name;

/// The labels that the attribute sets.
const OWN_LABELS: [&str; 3] = ["function", "module", "outcome"];

/// Refuses what could not be registered, since nobody would see that at run time.
pub(crate) fn check(attr: &Attr) -> Result<()> {
    if let Some(name) = &attr.name {
        name::check_metric(&name.value)
            .map_err(|rule| Error::new(name.span, format!("metric name `{}`: {rule}", name.value)))?;
    }
    for (index, label) in attr.labels.iter().enumerate() {
        let key = label.key.unraw().to_string();
        let rule = if OWN_LABELS.contains(&key.as_str()) {
            Err("the attribute sets it itself: rename yours")
        } else if attr.labels[..index].iter().any(|earlier| earlier.key.unraw() == key) {
            Err("it is there twice: keep one of the two")
        } else {
            name::check_label(&key)
        };
        rule.map_err(|rule| Error::new(label.key.span(), format!("label `{key}`: {rule}")))?;
    }
    for (index, own) in attr.objectives.iter().enumerate() {
        if attr.objectives[..index].iter().any(|earlier| earlier.threshold == own.threshold) {
            let message = match own.threshold {
                Some(_) => "there is an objective for this latency already: keep one of the two",
                None => "there is an objective for success already: keep one of the two",
            };
            return Err(Error::new_spanned(&own.target, message));
        }
    }
    Ok(())
}

/// Refuses arguments that are for one function.
pub(crate) fn check_for_block(attr: &Attr) -> Result<()> {
    match &attr.rename.function {
        Some(name) => Err(Error::new(
            name.span,
            "all functions of the block would have this name: put it on one of them, or write `rename(module = \"..\")`",
        )),
        None => Ok(()),
    }
}

/// Refuses arguments that this function has no use for.
pub(crate) fn check_for(attr: &Attr, function: &Function) -> Result<()> {
    let kind = |label: &&Label| attr.error.is_some() && label.key.unraw() == "error";
    if let Some(label) = attr.labels.iter().find(kind) {
        return Err(Error::new(
            label.key.span(),
            "label `error`: the argument `error` sets it: rename the label, or leave one of the two out",
        ));
    }
    check_stream(attr, function)?;
    if let Some(flag) = attr.poll_time.filter(|flag| !flag.of_block && !function.has_polls()) {
        return Err(Error::new(
            flag.span,
            "`poll_time` is for a function with a future that ends, and this one has none: make it `async`, or leave `poll_time` out",
        ));
    }
    match (&function.kind, attr.labels.first()) {
        (Kind::ReturnsFuture(_), Some(label)) => Err(Error::new(
            label.key.span(),
            "labels are read at the first poll, and this function has its future from elsewhere: end it with \
             `async move { .. }`, or with `Box::pin(async move { .. })` if it returns a box",
        )),
        _ => Ok(()),
    }
}

/// Refuses `stream` where there is no stream, and beside what is not for one.
fn check_stream(attr: &Attr, function: &Function) -> Result<()> {
    let Some(flag) = attr.stream.filter(|flag| !flag.of_block) else { return Ok(()) };
    let message = if function.stream().is_none() {
        "`stream` is for a function that returns `impl Stream<..>`, `Pin<Box<dyn Stream<..>>>` or `BoxStream<..>`: write out such a \
         type, or leave `stream` out"
    } else if attr.poll_time.is_some_and(|flag| !flag.of_block) {
        "`stream` and `poll_time` exclude each other: keep one of the two"
    } else if attr.error.is_some() {
        "`stream` and `error` exclude each other, as a stream can have many errors: keep one of the two"
    } else {
        return Ok(());
    };
    Err(Error::new(flag.span, message))
}

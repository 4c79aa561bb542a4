//! A table in GitHub's Markdown.

use std::fmt::{self, Write as _};

use super::{Catalogue, CatalogueEntry, CatalogueLabel};

/// The most values of a label, and the most lines of code, that a cell lists.
const LISTED: usize = 8;

pub(super) fn write(f: &mut fmt::Formatter<'_>, catalogue: &Catalogue) -> fmt::Result {
    f.write_str("| metric | kind | unit | labels | help | defined at |\n|---|---|---|---|---|---|\n")?;
    catalogue.entries().iter().try_for_each(|entry| {
        let cells = [
            format!("`{}`", entry.name),
            kind(entry),
            entry.unit.clone().unwrap_or_default(),
            labels(entry),
            // It is text, where a tag would begin.
            entry.help.replace('<', "&lt;"),
            defined_at(entry),
        ];
        cells.iter().try_for_each(|cell| {
            f.write_str("| ")?;
            escaped(f, cell)?;
            f.write_char(' ')
        })?;
        f.write_str("|\n")
    })
}

fn kind(entry: &CatalogueEntry) -> String {
    let mut kind = entry.kind.to_string();
    if let Some(value_type) = entry.value_type {
        kind += &format!(" of `{value_type}`");
    }
    if entry.computed {
        kind += ", computed when read";
    }
    if let [first, .., last] = entry.bounds.as_slice() {
        kind += &format!(", {} buckets up to {first} … {last}", entry.bounds.len());
    }
    if let Some(native) = entry.native {
        kind += &format!(", at most {} native buckets of schema {}", native.max_buckets, native.schema);
    }
    kind
}

fn labels(entry: &CatalogueEntry) -> String {
    let own = entry.labels.iter().map(label);
    let constant = entry.constant_labels.iter().map(|(name, value)| format!("`{name}`: always `{value}`"));
    let mut cell = own.chain(constant).collect::<Vec<_>>().join("; ");
    if !entry.labels.is_empty() {
        cell += &format!(" (at most {} series)", entry.series_at_most());
    }
    cell
}

fn label(label: &CatalogueLabel) -> String {
    match label.values.as_slice() {
        [] => format!("`{}`", label.name),
        values => format!("`{}`: {}", label.name, listed(values.iter().map(|value| format!("`{value}`")))),
    }
}

fn defined_at(entry: &CatalogueEntry) -> String {
    listed(entry.defined_at.iter().map(|line| format!("{}:{}", line.file(), line.line())))
}

fn listed(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(LISTED);
    let mut list = items.take(LISTED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        list += &format!(" and {more} more");
    }
    list
}

/// What would end the cell is escaped, in code too.
fn escaped(f: &mut fmt::Formatter<'_>, cell: &str) -> fmt::Result {
    cell.chars().try_for_each(|c| match c {
        '|' | '\\' => write!(f, "\\{c}"),
        '\n' | '\r' => f.write_char(' '),
        _ => f.write_char(c),
    })
}

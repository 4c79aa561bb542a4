//! JSON as RFC 8259 has it, so that the catalogue needs no other crate.

use std::fmt::{Display, Write as _};

use super::{Catalogue, CatalogueEntry};
use crate::NativeBuckets;

pub(super) fn write(json: &mut String, catalogue: &Catalogue) {
    json.push_str("{\"metrics\":");
    list(json, catalogue.entries(), entry);
    json.push('}');
}

fn entry(json: &mut String, entry: &CatalogueEntry) {
    json.push_str("{\"name\":");
    string(json, &entry.name);
    json.push_str(",\"kind\":");
    string(json, &entry.kind.to_string().replace(['-', ' '], "_"));
    json.push_str(",\"unit\":");
    optional_string(json, entry.unit.as_deref());
    json.push_str(",\"help\":");
    string(json, &entry.help);
    json.push_str(",\"value_type\":");
    optional_string(json, entry.value_type);
    json.push_str(",\"buckets\":");
    match entry.bounds.as_slice() {
        [] => json.push_str("null"),
        // Bounds are finite, and shown without exponent.
        bounds => list(json, bounds, |json, bound| number(json, bound)),
    }
    json.push_str(",\"native_buckets\":");
    match &entry.native {
        None => json.push_str("null"),
        Some(NativeBuckets { schema, max_buckets, zero_threshold }) => {
            json.push_str("{\"schema\":");
            number(json, schema);
            json.push_str(",\"max_buckets\":");
            number(json, max_buckets);
            json.push_str(",\"zero_threshold\":");
            number(json, zero_threshold);
            json.push('}');
        }
    }
    json.push_str(",\"labels\":");
    list(json, &entry.labels, |json, label| {
        json.push_str("{\"name\":");
        string(json, &label.name);
        json.push_str(",\"values\":");
        match label.values.as_slice() {
            [] => json.push_str("null"),
            values => list(json, values, |json, value| string(json, value)),
        }
        json.push('}');
    });
    json.push_str(",\"constant_labels\":{");
    separated(json, &entry.constant_labels, |json, (name, value)| {
        string(json, name);
        json.push(':');
        string(json, value);
    });
    json.push_str("},\"computed\":");
    json.push_str(if entry.computed { "true" } else { "false" });
    json.push_str(",\"max_series\":");
    number(json, entry.max_series);
    json.push_str(",\"defined_at\":");
    list(json, &entry.defined_at, |json, line| {
        json.push_str("{\"file\":");
        string(json, line.file());
        json.push_str(",\"line\":");
        number(json, line.line());
        json.push('}');
    });
    json.push('}');
}

fn list<T>(json: &mut String, items: &[T], write: impl FnMut(&mut String, &T)) {
    json.push('[');
    separated(json, items, write);
    json.push(']');
}

fn separated<T>(json: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(json, item);
    }
}

fn number(json: &mut String, number: impl Display) {
    // Writing to a string does not fail.
    let _ = write!(json, "{number}");
}

fn optional_string(json: &mut String, text: Option<&str>) {
    match text {
        Some(text) => string(json, text),
        None => json.push_str("null"),
    }
}

/// Section 7: quotes, backslashes and control characters are escaped.
fn string(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\0'..='\x1f' => _ = write!(json, "\\u{:04x}", u32::from(c)),
            _ => json.push(c),
        }
    }
    json.push('"');
}

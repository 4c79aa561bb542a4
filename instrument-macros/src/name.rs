//! Names that every exposition can carry: the rules that `instrument-core` checks at registration, checked where the
//! compiler can point at the name.

/// What is wrong with the name of a metric, and what to do.
pub(crate) fn check_metric(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("it is empty: give it a name such as `requests`")
    } else if starts_with_digit(name) {
        Err("it starts with a digit: start with a letter")
    } else if name.chars().all(|c| is_word(c) || c == ':') {
        Ok(())
    } else {
        Err("only ASCII letters, digits, `_` and `:` can stand in it: write `_` for the others")
    }
}

/// What is wrong with the name of a label, and what to do.
pub(crate) fn check_label(name: &str) -> Result<(), &'static str> {
    check_utf8_label(name)?;
    if starts_with_digit(name) {
        Err("it starts with a digit: start with a letter")
    } else if name.chars().all(is_word) {
        Ok(())
    } else {
        Err("only ASCII letters, digits and `_` can stand in it: write `_` for the others")
    }
}

/// The same for a registry that takes names of any characters.
pub(crate) fn check_utf8_label(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("it is empty: give it a name such as `method`"),
        "le" => Err("`le` is reserved for the upper bound of a bucket: rename it"),
        "quantile" => Err("`quantile` is reserved for summaries: rename it"),
        _ if name.starts_with("__") => {
            Err("names that start with `__` are reserved for the server: drop an underscore")
        }
        _ => Ok(()),
    }
}

/// What is wrong with a unit, and what to do.
pub(crate) fn check_unit(unit: &str) -> Result<(), &'static str> {
    match unit {
        "" => Err("it is empty: leave `unit` out for a number without unit"),
        "total" => Err("`total` marks a counter and is no unit: leave it out"),
        _ if unit.starts_with('_') || !unit.chars().all(is_word) => Err(
            "it ends the name, so only ASCII letters, digits and `_` can stand in it: write `seconds`, `bytes` or `ratio`",
        ),
        _ => Ok(()),
    }
}

fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comments on an item, as one line; empty where there are none.
pub(crate) fn help(attributes: &[Attribute]) -> String {
    let comments: Vec<String> = attributes.iter().filter_map(comment).collect();
    let lines = comments.iter().flat_map(|comment| lines(comment)).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// The first paragraph of the doc comments on an item, as one sentence in one line; empty where there are none.
pub(crate) fn summary(attributes: &[Attribute]) -> String {
    let comments: Vec<String> = attributes.iter().filter_map(comment).collect();
    // A bare `///` is a blank line, and has no lines in it.
    let lines = comments.iter().flat_map(|comment| lines(comment).chain(comment.is_empty().then_some("")));
    let mut summary = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if !summary.is_empty() && !summary.ends_with(['.', '!', '?']) {
        summary.push('.');
    }
    summary
}

fn comment(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of a comment without what frames them: the spaces, and the stars of a `/** */` block.
fn lines(comment: &str) -> impl Iterator<Item = &str> {
    let framed =
        comment.lines().skip(1).all(|line| line.trim().is_empty() || line.trim_start().starts_with('*'));
    comment.lines().enumerate().map(move |(number, line)| {
        let line = line.trim();
        if framed && number > 0 { line.strip_prefix('*').unwrap_or(line).trim() } else { line }
    })
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser as _;

    use super::*;

    fn help_of(comments: &str) -> String {
        help(&Attribute::parse_outer.parse_str(comments).unwrap())
    }

    #[test]
    fn lines_are_joined_by_a_space_and_blank_ones_dropped() {
        assert_eq!(
            help_of("/// Quotations\n///   served.\n///\n/// Since start.\n///\n"),
            "Quotations served. Since start."
        );
        assert_eq!(help_of("/** Quotations\n * served.\n *\n */"), "Quotations served.");
        assert_eq!(help_of("/** - a\n - b */"), "- a - b");
        assert_eq!(help_of("#[doc = \"Served.\"]"), "Served.");
    }

    #[test]
    fn a_summary_is_the_first_paragraph_as_a_sentence() {
        let summary_of = |comments: &str| summary(&Attribute::parse_outer.parse_str(comments).unwrap());
        assert_eq!(
            summary_of("///\n/// Looks up\n/// a quotation\n///\n/// # Errors\n"),
            "Looks up a quotation."
        );
        assert_eq!(summary_of("/// Really?\n#[inline]"), "Really?");
        assert_eq!(summary_of("#[inline]"), "");
    }

    #[test]
    fn what_says_nothing_is_no_help() {
        assert_eq!(help_of(""), "");
        assert_eq!(help_of("///\n/// \n#[doc(hidden)] #[allow(x)]"), "");
    }
}

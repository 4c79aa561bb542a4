use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comments on an item, as one line; empty where there are none.
pub(crate) fn help(attributes: &[Attribute]) -> String {
    let comments: Vec<String> = attributes.iter().filter_map(comment).collect();
    let lines = comments.iter().flat_map(|comment| lines(comment)).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
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
    fn what_says_nothing_is_no_help() {
        assert_eq!(help_of(""), "");
        assert_eq!(help_of("///\n/// \n#[doc(hidden)] #[allow(x)]"), "");
    }
}

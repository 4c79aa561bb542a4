//! What is asked of tokens that nobody parses.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Opens the invisible groups that `macro_rules!` puts around `$item:item` and `$body:block`.
///
/// Only where a group is all there is: one around a type must stay, as a parenthesis would.
pub(crate) fn opened(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => opened(group.stream()),
        _ => tokens,
    }
}

/// A group with other tokens in the place of its own.
pub(crate) fn regrouped(own: &Group, tokens: TokenStream) -> Group {
    let mut group = Group::new(own.delimiter(), tokens);
    group.set_span(own.span());
    group
}

pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(found) if found == word)
}

pub(crate) fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

/// Whether a word stands anywhere in the tokens.
pub(crate) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(&group.stream(), word),
        token => is_word(&token, word),
    })
}

/// Whether tokens stand between `<` and `>`, told token by token.
#[derive(Default)]
pub(crate) struct Angles {
    depth: usize,
    /// The last token was the `-` of a `->` or the `=` of a `=>`, whose `>` closes nothing.
    arrow: bool,
}

impl Angles {
    /// Takes the next token, and says whether it stands outside of all angle brackets and is none itself.
    pub(crate) fn outside(&mut self, token: &TokenTree) -> bool {
        let arrow = std::mem::replace(&mut self.arrow, is_mark(token, '-') || is_mark(token, '='));
        if is_mark(token, '<') {
            self.depth += 1;
            return false;
        }
        if is_mark(token, '>') && !arrow {
            self.depth = self.depth.saturating_sub(1);
            return false;
        }
        self.depth == 0
    }
}

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree, token_stream};
use quote::quote;
use syn::parse::Parser as _;
use syn::{Error, Result};

use super::attr::Attr;
use super::function::Function;
use super::tokens::{Angles, is_mark, is_word, regrouped};
use super::{beside, instrument, valid};

/// An `impl` block, a trait or a module: the attribute is for each function in it.
pub(crate) struct Block {
    head: TokenStream,
    items: Group,
}

impl Block {
    pub(crate) fn read(item: &[TokenTree]) -> Option<Self> {
        let (last, head) = item.split_last()?;
        match last {
            TokenTree::Group(items) if items.delimiter() == Delimiter::Brace && is_head_of_block(head) => {
                Some(Self { head: head.iter().cloned().collect(), items: items.clone() })
            }
            _ => None,
        }
    }

    pub(crate) fn expand(&self, attr: &Attr) -> TokenStream {
        let items = Items(self.items.stream().into_iter());
        let head = &self.head;
        let items = regrouped(&self.items, items.map(|item| within(attr, item)).collect());
        quote!(#head #items)
    }
}

fn is_head_of_block(head: &[TokenTree]) -> bool {
    let mut head = head;
    while let [pound, TokenTree::Group(_), rest @ ..] = head {
        if !is_mark(pound, '#') {
            break;
        }
        head = rest;
    }
    // `pub(crate)`, `unsafe impl`, `default impl`, and a visibility that a macro has filled in.
    let word = head.iter().find(|token| {
        !matches!(token, TokenTree::Group(_))
            && !["pub", "unsafe", "default"].iter().any(|word| is_word(token, word))
    });
    word.is_some_and(|token| ["impl", "trait", "mod"].iter().any(|word| is_word(token, word)))
}

/// An item of a block: instrumented if it is something that can be.
fn within(around: &Attr, mut item: Vec<TokenTree>) -> TokenStream {
    let own = take_own(&mut item);
    let tokens: TokenStream = item.iter().cloned().collect();
    let asked = !matches!(own, Ok(None));
    let attr = match own {
        Ok(own) => own.unwrap_or_default().or(around),
        Err(error) => return beside(&tokens, &error),
    };
    if attr.skip {
        return tokens;
    }
    if let Some(block) = Block::read(&item) {
        let checked = valid::check_for_block(&attr);
        return checked.map_or_else(|error| beside(&tokens, &error), |()| block.expand(&attr));
    }
    match Function::read(tokens.clone()) {
        Ok(function) => instrument(&attr, &function).unwrap_or_else(|error| beside(&tokens, &error)),
        // A constant, a `const fn`, a function without a body: not meant, unless it was asked for.
        Err(_) if !asked => tokens,
        Err(error) => beside(&tokens, &error),
    }
}

/// Takes `#[instrument_red(..)]` off an item and reads its arguments.
fn take_own(item: &mut Vec<TokenTree>) -> Result<Option<Attr>> {
    let Some((at, _, arguments)) = find_own(item) else { return Ok(None) };
    item.drain(at..at + 2);
    refuse_own(item)?;
    let mut attr = Attr::parse.parse2(arguments)?;
    attr.take_help(item);
    valid::check(&attr).map(|()| Some(attr))
}

/// Refuses an item that has another `#[instrument_red]` than the one that is expanded.
pub(crate) fn refuse_own(item: &[TokenTree]) -> Result<()> {
    match find_own(item) {
        Some((_, span, _)) => {
            Err(Error::new(span, "`#[instrument_red]` is there twice: keep one of the two"))
        }
        None => Ok(()),
    }
}

/// Where the first `#[instrument_red(..)]` of an item is, and its arguments.
fn find_own(item: &[TokenTree]) -> Option<(usize, Span, TokenStream)> {
    let attributes = item.chunks_exact(2).map_while(|two| match two {
        [pound, TokenTree::Group(attribute)] if is_mark(pound, '#') => Some(attribute),
        _ => None,
    });
    attributes.enumerate().find_map(|(n, attribute)| Some((2 * n, attribute.span(), arguments(attribute)?)))
}

/// The arguments of an attribute, if it is `instrument_red` under whatever path.
fn arguments(attribute: &Group) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match tokens.as_slice() {
        [.., name] if is_word(name, "instrument_red") => Some(TokenStream::new()),
        [.., name, TokenTree::Group(arguments)] if is_word(name, "instrument_red") => {
            Some(arguments.stream())
        }
        _ => None,
    }
}

/// Splits the tokens of a block into items, each with its attributes.
struct Items(token_stream::IntoIter);

impl Iterator for Items {
    type Item = Vec<TokenTree>;

    fn next(&mut self) -> Option<Vec<TokenTree>> {
        let mut item = Vec::new();
        let mut angles = Angles::default();
        // `const A: T = T {};` and `use a::{b};` go on behind their braces.
        let mut to_semicolon = false;
        for token in self.0.by_ref() {
            let outside = angles.outside(&token);
            to_semicolon |= outside && (is_mark(&token, '=') || is_word(&token, "use"));
            let ends = match &token {
                TokenTree::Punct(mark) => mark.as_char() == ';',
                TokenTree::Group(group) => match group.delimiter() {
                    Delimiter::Brace => outside && !to_semicolon,
                    // `#![inner]`
                    Delimiter::Bracket => {
                        matches!(item.as_slice(), [pound, bang] if is_mark(pound, '#') && is_mark(bang, '!'))
                    }
                    // What a macro has filled in for `$item:item`, and not for `$visibility:vis`.
                    Delimiter::None => item.is_empty() && ends_item(group.stream().into_iter().last()),
                    Delimiter::Parenthesis => false,
                },
                _ => false,
            };
            item.push(token);
            if ends {
                return Some(item);
            }
        }
        (!item.is_empty()).then_some(item)
    }
}

fn ends_item(last: Option<TokenTree>) -> bool {
    match last {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(token) => is_mark(&token, ';'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<TokenTree> {
        text.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    fn text(tokens: Vec<TokenTree>) -> String {
        tokens.into_iter().collect::<TokenStream>().to_string()
    }

    #[test]
    fn items_end_at_their_braces_or_semicolons() {
        let items = [
            "#![allow(x)]",
            "use a::{b, c};",
            "const A: B<{ 1 }> = B { c: 1 < 2 };",
            "type C = impl Fn() -> u8;",
            "#[doc = \"=\"] pub(crate) async fn d<const N: usize = { 1 }>(e: [u8; N]) -> F<{ N }> where G: H<I = u8> {}",
            "fn j<K: Fn(u8) -> u8>(&self);",
            "macro_rules! l { () => {} }",
            "m!(n);",
            "struct O { p: u8 }",
            "impl<const N: usize> Q<{ N }> for R { fn s() {} }",
        ];
        let split: Vec<_> =
            Items(items.concat().parse::<TokenStream>().unwrap().into_iter()).map(text).collect();
        assert_eq!(split, items.map(|item| text(tokens(item))));
    }

    #[test]
    fn the_attribute_of_an_item_is_found_under_any_path() {
        let own = |item: &str, without: &str| {
            let mut item = tokens(item);
            let own = take_own(&mut item).unwrap();
            assert_eq!(text(item), text(tokens(without)));
            own.map(|attr| (attr.skip, attr.name.map(|name| name.value)))
        };
        assert_eq!(own("#[inline] fn f() {}", "#[inline] fn f() {}"), None);
        assert_eq!(
            own("#[inline] #[a::instrument_red] fn f() {}", "#[inline] fn f() {}"),
            Some((false, None))
        );
        assert_eq!(own("#[instrument_red(skip)] const A: u8 = 1;", "const A: u8 = 1;"), Some((true, None)));
        let name = Some("a".to_owned());
        assert_eq!(own("#[instrument_red(name = \"a\")] fn f() {}", "fn f() {}"), Some((false, name)));
    }
}

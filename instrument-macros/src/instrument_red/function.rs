use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::{Error, Result};

use super::future::{AsyncTail, Deferred};
use super::tokens::{Angles, is_mark, is_word, opened, regrouped};

/// What the attribute reads of a function. The rest stays tokens and is handed back as written.
pub(crate) struct Function {
    /// Everything before the body.
    pub(crate) head: TokenStream,
    pub(crate) name: Ident,
    pub(crate) kind: Kind,
    /// The type after `->`, where there is one.
    pub(crate) returns: Option<TokenStream>,
    /// `#![allow(..)]` and the like, which must stay first in the body.
    pub(crate) inner_attributes: TokenStream,
    pub(crate) body: Group,
}

/// What is timed.
pub(crate) enum Kind {
    /// The body.
    Plain,
    /// The body, from the first poll of the future that it is.
    Async,
    /// The async block that the body ends in.
    ReturnsBlock(AsyncTail),
    /// The future that the body returns from wherever it has it.
    ReturnsFuture(Deferred),
}

impl Function {
    /// Reads a function, or says what else the item is.
    pub(crate) fn read(item: TokenStream) -> Result<Self> {
        let mut tokens = opened(item);
        let body = tokens.pop().map(|last| opened(last.into()));
        let mut rest = Cursor { tokens: &tokens, next: 0 };
        rest.skip_attributes();
        rest.skip_visibility();

        let mut asynchronous = false;
        let mut constant = None;
        loop {
            match rest.take() {
                Some(TokenTree::Ident(word)) => match word.to_string().as_str() {
                    "fn" => break,
                    "async" => asynchronous = true,
                    "const" => constant = Some(word.span()),
                    "unsafe" | "safe" | "extern" | "default" => {}
                    _ => return Err(not_a_function(word)),
                },
                // The ABI of `extern "C"`, and what a macro has filled in: an ABI, a visibility.
                Some(TokenTree::Literal(_)) => {}
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {}
                Some(other) => return Err(Error::new(other.span(), NOT_A_FUNCTION)),
                None => return Err(Error::new(Span::call_site(), NOT_A_FUNCTION)),
            }
        }
        let Some(TokenTree::Ident(name)) = rest.take().cloned() else {
            return Err(Error::new(Span::call_site(), NOT_A_FUNCTION));
        };
        if let Some(span) = constant {
            return Err(Error::new(
                span,
                "`#[instrument_red]` cannot stand on a `const fn`: the compiler may run it, and there is no clock then. \
                 Drop `const`, or instrument the function that calls it",
            ));
        }
        rest.skip_generics();
        rest.take(); // the arguments
        let returns = rest.returned_type();

        match body.as_deref() {
            Some([TokenTree::Group(body)]) if body.delimiter() == Delimiter::Brace => {
                let (inner_attributes, body) = split_inner_attributes(body);
                let kind = if asynchronous { Kind::Async } else { Kind::read(returns.as_ref(), &body) };
                Ok(Self { head: tokens.into_iter().collect(), name, kind, returns, inner_attributes, body })
            }
            _ => Err(Error::new(
                name.span(),
                format!(
                    "`{name}` has no body to instrument: put `#[instrument_red]` on the function in each `impl`, or give it \
                     a body here"
                ),
            )),
        }
    }
}

impl Function {
    /// Whether what is timed is a future that ends.
    pub(crate) fn has_polls(&self) -> bool {
        !matches!(self.kind, Kind::Plain) && !self.never_returns()
    }

    /// How the function returns a stream, if its type says that it does.
    pub(crate) fn stream(&self) -> Option<Deferred> {
        self.returns.as_ref().and_then(Deferred::stream)
    }

    /// Whether the type after `->` is `!`.
    pub(crate) fn never_returns(&self) -> bool {
        let tokens = |returns: &TokenStream| returns.clone().into_iter().collect::<Vec<_>>();
        self.returns
            .as_ref()
            .is_some_and(|returns| matches!(tokens(returns).as_slice(), [only] if is_mark(only, '!')))
    }
}

impl Kind {
    fn read(returns: Option<&TokenStream>, body: &Group) -> Self {
        match returns.and_then(Deferred::future) {
            None => Self::Plain,
            Some(future) => {
                AsyncTail::find(body, future).map_or(Self::ReturnsFuture(future), Self::ReturnsBlock)
            }
        }
    }
}

fn split_inner_attributes(body: &Group) -> (TokenStream, Group) {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let attributes = tokens
        .chunks(3)
        .take_while(|three| matches!(three, [pound, bang, TokenTree::Group(_)] if is_mark(pound, '#') && is_mark(bang, '!')))
        .count();
    let (attributes, rest) = tokens.split_at(3 * attributes);
    (attributes.iter().cloned().collect(), regrouped(body, rest.iter().cloned().collect()))
}

const NOT_A_FUNCTION: &str = "`#[instrument_red]` stands on a function, or on an `impl` block, a trait or a module with functions: move it to one";

fn not_a_function(word: &Ident) -> Error {
    let message = match word.to_string().as_str() {
        "struct" | "enum" | "union" => format!(
            "`#[instrument_red]` stands on a function, not on this `{word}`: for metrics in a struct, write \
             `#[derive(Metrics)]`"
        ),
        _ => NOT_A_FUNCTION.to_owned(),
    };
    Error::new(word.span(), message)
}

struct Cursor<'t> {
    tokens: &'t [TokenTree],
    next: usize,
}

impl<'t> Cursor<'t> {
    fn peek(&self) -> Option<&'t TokenTree> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<&'t TokenTree> {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn at(&self, punctuation: char) -> bool {
        self.peek().is_some_and(|token| is_mark(token, punctuation))
    }

    fn skip_attributes(&mut self) {
        while self.at('#') {
            self.next += 2;
        }
    }

    fn skip_visibility(&mut self) {
        if self.peek().is_some_and(|token| is_word(token, "pub")) {
            self.next += 1;
            if matches!(self.peek(), Some(TokenTree::Group(_))) {
                self.next += 1;
            }
        }
    }

    fn skip_generics(&mut self) {
        let mut angles = Angles::default();
        while self
            .peek()
            .is_some_and(|token| !(angles.outside(token) && matches!(token, TokenTree::Group(_))))
        {
            self.next += 1;
        }
    }

    fn returned_type(&mut self) -> Option<TokenStream> {
        if !self.at('-') {
            return None;
        }
        self.next += 2;
        let returned = self.tokens.get(self.next..)?;
        let where_clause = returned.iter().position(|token| is_word(token, "where"));
        Some(returned[..where_clause.unwrap_or(returned.len())].iter().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(function: &str) -> Function {
        Function::read(function.parse().unwrap()).unwrap()
    }

    fn returns(function: &str) -> Option<String> {
        read(function).returns.map(|tokens| tokens.to_string())
    }

    #[test]
    fn the_returned_type_is_found_behind_whatever_stands_before_it() {
        assert_eq!(returns("fn f() {}"), None);
        assert_eq!(returns("fn f() where u8: Copy {}"), None);
        assert_eq!(returns("fn f<T>(t: T) -> T where T: Copy { t }").unwrap(), "T");
        assert_eq!(
            returns("fn f<F: Fn(u8) -> Vec<u8>>(f: F) -> [u8; { 1 }] { f() }").unwrap(),
            "[u8 ; { 1 }]"
        );
        assert_eq!(returns("fn f<const N: usize = { 1 }>() -> ! { loop {} }").unwrap(), "!");
        assert_eq!(
            returns("fn f(f: fn(u8) -> u8) -> impl Fn(u8) -> u8 + 'static { f }").unwrap(),
            "impl Fn (u8) -> u8 + 'static"
        );
    }

    #[test]
    fn qualifiers_attributes_and_visibility_are_read_over() {
        let function = read(
            r##"#[doc = "x"] #[inline] pub(in crate::a) unsafe extern "C" fn r#type(x: u8) -> u8 { x }"##,
        );
        assert_eq!(function.name, "r#type");
        assert!(matches!(function.kind, Kind::Plain));
        assert_eq!(function.body.to_string(), "{ x }");
        assert!(function.head.to_string().ends_with("(x : u8) -> u8"));
        assert!(matches!(read("pub async unsafe fn f() {}").kind, Kind::Async));
    }

    #[test]
    fn invisible_groups_of_macros_are_seen_through() {
        let group = |tokens: TokenStream| TokenTree::Group(Group::new(Delimiter::None, tokens));
        let tokens = |tokens: &str| tokens.parse::<TokenStream>().unwrap();
        let item: TokenStream = [
            group(tokens("pub")).into(),
            tokens("async fn f() -> &"),
            group(tokens("dyn A + B")).into(),
            group(tokens("{ 1 }")).into(),
        ]
        .into_iter()
        .collect();
        let function = Function::read(group(item).into()).unwrap();
        assert_eq!(function.name, "f");
        assert_eq!(function.body.to_string(), "{ 1 }");
        assert_eq!(function.returns.unwrap().into_iter().count(), 2, "`&` and a group, not `& dyn A + B`");
    }

    #[test]
    fn what_is_not_a_function_with_a_body_is_refused() {
        let error = |item: &str| Function::read(item.parse().unwrap()).err().unwrap().to_string();
        assert!(error("const fn f() {}").contains("`const fn`"));
        assert!(error("fn f(&self) -> u8;").contains("has no body"));
        assert!(error("pub struct A;").contains("#[derive(Metrics)]"));
        assert!(error("static A: u8 = 1;").contains("move it to one"));
        assert!(error("").contains("move it to one"));
    }
}

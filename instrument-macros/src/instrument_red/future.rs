//! Functions that are not `async` themselves and return a future, as those that `async_trait` makes: what is timed is the future.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

use super::tokens::{Angles, is_word, mentions, opened, regrouped};

/// How a function returns what happens later: a future or a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Deferred {
    /// `impl Future<Output = ..>`, `impl Stream<Item = ..>`.
    Plain,
    /// `Pin<Box<dyn Future<Output = ..>>>`, `BoxFuture<..>`, and the same for streams.
    Boxed,
}

impl Deferred {
    /// What a type says of itself, by the names that futures go by.
    pub(crate) fn future(returns: &TokenStream) -> Option<Self> {
        Self::read(returns, "Future", ["BoxFuture", "LocalBoxFuture"])
    }

    /// The same by those of streams.
    pub(crate) fn stream(returns: &TokenStream) -> Option<Self> {
        Self::read(returns, "Stream", ["BoxStream", "LocalBoxStream"])
    }

    fn read(returns: &TokenStream, name: &str, boxes: [&str; 2]) -> Option<Self> {
        let tokens = opened(returns.clone());
        let mut words = tokens.iter().filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            TokenTree::Punct(mark) if mark.as_char() == '<' => Some("<".to_owned()),
            _ => None,
        });
        if tokens.first().is_some_and(|token| is_word(token, "impl")) {
            let mut angles = Angles::default();
            let is_named = tokens.iter().any(|token| angles.outside(token) && is_word(token, name));
            return is_named.then_some(Self::Plain);
        }
        let path = |words: &mut dyn Iterator<Item = String>| words.take_while(|word| word != "<").last();
        match path(&mut words)?.as_str() {
            path if boxes.contains(&path) => Some(Self::Boxed),
            "Pin" if path(&mut words)? == "Box" && words.next()? == "dyn" => {
                words.any(|word| word == name).then_some(Self::Boxed)
            }
            _ => None,
        }
    }
}

/// A body that ends in an async block, which is the only future that it returns.
pub(crate) struct AsyncTail {
    before: TokenStream,
    /// The block is the argument of `Box::pin(..)`.
    boxed: Option<Group>,
    /// `async` or `async move`.
    pub(crate) qualifiers: TokenStream,
    pub(crate) block: Group,
}

impl AsyncTail {
    pub(crate) fn find(body: &Group, future: Deferred) -> Option<Self> {
        let mut before: Vec<TokenTree> = body.stream().into_iter().collect();
        let (boxed, mut tail) = match future {
            Deferred::Plain => (None, before.split_off(async_block(&before)?)),
            Deferred::Boxed => {
                let [.., box_, colon, colon_too, pin, TokenTree::Group(argument)] = before.as_slice() else {
                    return None;
                };
                let path = [box_, colon, colon_too, pin].map(ToString::to_string);
                if path != ["Box", ":", ":", "pin"] || argument.delimiter() != Delimiter::Parenthesis {
                    return None;
                }
                let argument = argument.clone();
                before.pop();
                let mut inside: Vec<TokenTree> = argument.stream().into_iter().collect();
                inside.pop_if(|last| matches!(last, TokenTree::Punct(mark) if mark.as_char() == ','));
                (async_block(&inside)? == 0).then_some((Some(argument), inside))?
            }
        };
        let Some(TokenTree::Group(block)) = tail.pop() else { return None };
        let before: TokenStream = before.into_iter().collect();
        let returns_another = mentions(&before, "return");
        (!returns_another).then(|| Self { before, boxed, qualifiers: tail.into_iter().collect(), block })
    }

    /// The body with another block in the place of its own.
    pub(crate) fn with_block(&self, block: TokenStream) -> TokenStream {
        let Self { before, boxed, qualifiers, block: own } = self;
        let block = regrouped(own, block);
        let tail = quote!(#qualifiers #block);
        let tail = boxed
            .as_ref()
            .map_or_else(|| tail.clone(), |own| regrouped(own, tail.clone()).into_token_stream());
        quote!(#before #tail)
    }
}

/// Where the `async {}` or `async move {}` begins that the tokens end in.
fn async_block(tokens: &[TokenTree]) -> Option<usize> {
    let (block, before) = tokens.split_last()?;
    if !matches!(block, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace) {
        return None;
    }
    match before {
        [start @ .., word] if is_word(word, "async") => Some(start.len()),
        [start @ .., word, last] if is_word(word, "async") && is_word(last, "move") => Some(start.len()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> TokenStream {
        text.parse().unwrap()
    }

    #[test]
    fn futures_are_known_by_their_types() {
        for plain in ["impl Future<Output = u8> + 'a", "impl Send + std::future::Future<Output = Vec<u8>>"] {
            assert_eq!(Deferred::future(&tokens(plain)), Some(Deferred::Plain), "{plain}");
        }
        for boxed in [
            "Pin<Box<dyn Future<Output = u8> + Send + '_>>",
            "::core::pin::Pin<std::boxed::Box<dyn ::core::future::Future<Output = ()> + 'async_trait>>",
            "futures::future::BoxFuture<'a, Result<u8, Error>>",
        ] {
            assert_eq!(Deferred::future(&tokens(boxed)), Some(Deferred::Boxed), "{boxed}");
        }
        for other in [
            "u8",
            "Future",
            "Vec<Pin<Box<dyn Future<Output = u8>>>>",
            "impl Fn() -> Pin<Box<dyn Future<Output = u8>>>",
            "impl Iterator<Item = Box<dyn Future<Output = u8>>>",
            "Pin<&mut Self>",
            "Box<dyn Future<Output = u8>>",
        ] {
            assert_eq!(Deferred::future(&tokens(other)), None, "{other}");
        }
    }

    #[test]
    fn so_are_streams() {
        let stream = |returned: &str| Deferred::stream(&tokens(returned));
        assert_eq!(stream("impl futures::Stream<Item = u8> + Send + 'a"), Some(Deferred::Plain));
        assert_eq!(stream("Pin<Box<dyn Stream<Item = u8> + Send>>"), Some(Deferred::Boxed));
        assert_eq!(stream("BoxStream<'static, Result<u8, Error>>"), Some(Deferred::Boxed));
        for other in
            ["Result<impl Stream<Item = u8>, Error>", "ReceiverStream<u8>", "BoxFuture<'a, u8>", "()"]
        {
            assert_eq!(stream(other), None, "{other}");
        }
    }

    #[test]
    fn the_block_at_the_end_is_found_unless_a_future_is_returned_before() {
        let find = |body: &str, returned| {
            let body = Group::new(Delimiter::Brace, tokens(body));
            AsyncTail::find(&body, returned).map(|tail| tail.with_block(tokens("b")).to_string())
        };
        assert_eq!(find("f(); async move { a }", Deferred::Plain).unwrap(), "f () ; async move { b }");
        assert_eq!(find("async { return a; }", Deferred::Plain).unwrap(), "async { b }");
        assert_eq!(
            find("std::boxed::Box::pin(async move { a },)", Deferred::Boxed).unwrap(),
            "std :: boxed :: Box :: pin (async move { b })",
        );
        for other in ["if x { return y; } async { a }", "other(x)", "async { a }.boxed()", "", "{ a }"] {
            assert_eq!(find(other, Deferred::Plain), None, "{other}");
        }
        for other in ["Box::pin(f(async {}))", "Box::pin(x, async {})", "Box::new(async {})", "pin(async {})"]
        {
            assert_eq!(find(other, Deferred::Boxed), None, "{other}");
        }
    }
}

//! The value of an argument, after its name.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::{ParseStream, Parser as _};
use syn::{Error, LitInt, LitStr, Path, Result, Token, Variant};

/// A string, and where it stands.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// A range of integers, with its last one.
pub(crate) struct Range {
    pub(crate) first: Bound,
    pub(crate) last: Bound,
}

/// An end of a range.
pub(crate) enum Bound {
    Number(i64),
    /// A constant; `before` if it is the number after the bound.
    Expression {
        value: TokenStream,
        before: bool,
    },
}

/// A string: `= ".."`.
pub(crate) fn string(name: &Ident, input: ParseStream<'_>) -> Result<Text> {
    equals(name, "\"..\"", input)?;
    match input.parse::<LitStr>() {
        Ok(literal) => Ok(Text { value: literal.value(), span: literal.span() }),
        Err(error) => {
            let message = format!("`{name}` takes a string literal: write `{name} = \"..\"`");
            Err(Error::new(error.span(), message))
        }
    }
}

/// A path: `= some::path`.
pub(crate) fn path(name: &Ident, input: ParseStream<'_>) -> Result<TokenStream> {
    equals(name, "path", input)?;
    input.call(Path::parse_mod_style).map(Path::into_token_stream)
}

/// An expression: `= ..`, up to the next argument.
pub(crate) fn expression(name: &Ident, input: ParseStream<'_>) -> Result<TokenStream> {
    equals(name, "expression", input)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(missing(name, "expression", input));
    }
    // Whether a comma belongs to a closure or a turbofish, only a parser can tell. Without its feature `full`, syn has one
    // for the values of enum variants alone, so the rest is read as such. The `||` in front leaves syn no expression that
    // it would take apart: it then only looks for the end.
    let rest: TokenStream = input.fork().parse()?;
    let scan = |input: ParseStream<'_>| {
        input.parse::<Variant>()?;
        input.parse::<TokenStream>()
    };
    let left = scan.parse2(quote!(Value = || #rest))?;
    let length = rest.into_iter().count() - left.into_iter().count();
    (0..length).map(|_| input.parse::<TokenTree>()).collect()
}

/// A range of integers: `= 0..=9` or `= 0..10`, where each can be a constant.
///
/// It is split by hand: whether syn reads a range depends on the features that others ask of it.
pub(crate) fn range(name: &Ident, input: ParseStream<'_>) -> Result<Range> {
    if !input.peek(Token![=]) {
        return Err(missing(name, "0..=9", input));
    }
    let not_a_range = format!("`{name}` takes a range of integers: write `{name} = 0..=9`");
    let whole = expression(name, input).map_err(|error| Error::new(error.span(), &not_a_range))?;
    let wrong = |message| Err(Error::new_spanned(&whole, message));
    let tokens: Vec<TokenTree> = whole.clone().into_iter().collect();
    let is = |at: usize, mark| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == mark);
    let dots = (0..tokens.len()).find(|&at| is(at, '.') && is(at + 1, '.')).unwrap_or_default();
    let closed = is(dots + 2, '=');
    let (first, last) = (&tokens[..dots], tokens.get(dots + 2 + usize::from(closed)..).unwrap_or_default());
    if first.is_empty() || last.is_empty() {
        return wrong(not_a_range);
    }
    match (bound(first, false), bound(last, !closed)) {
        (Bound::Number(first), Bound::Number(last)) if first > last => {
            wrong(format!("the range is empty: write the smaller number first, as in `{name} = 0..=9`"))
        }
        (first, last) => Ok(Range { first, last }),
    }
}

fn bound(value: &[TokenTree], before: bool) -> Bound {
    let value: TokenStream = value.iter().cloned().collect();
    match integer(value.clone()).and_then(|number| number.checked_sub(i64::from(before))) {
        Some(number) => Bound::Number(number),
        None => Bound::Expression { value, before },
    }
}

/// The number, if it is a literal, with a sign or without.
fn integer(value: TokenStream) -> Option<i64> {
    let read = |input: ParseStream<'_>| {
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let number: i128 = input.parse::<LitInt>()?.base10_parse()?;
        Ok(if negative { -number } else { number })
    };
    read.parse2(value).ok()?.try_into().ok()
}

/// Nothing: a name that stands alone.
pub(crate) fn nothing(name: &Ident, input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else {
        Err(input.error(format!("`{name}` takes no value: write `{name}` alone")))
    }
}

pub(crate) fn equals(name: &Ident, value: &str, input: ParseStream<'_>) -> Result<()> {
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        Ok(())
    } else {
        Err(missing(name, value, input))
    }
}

fn missing(name: &Ident, value: &str, input: ParseStream<'_>) -> Error {
    let message = format!("`{name}` needs a value: write `{name} = {value}`");
    // At the end of the input there is no token to point at but the name.
    if input.is_empty() { Error::new(name.span(), message) } else { input.error(message) }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    /// The expression at the start of `tokens`, and what is left after it.
    fn split(tokens: &str) -> (String, String) {
        let name = Ident::new("x", Span::call_site());
        let read = |input: ParseStream<'_>| Ok((expression(&name, input)?, input.parse::<TokenStream>()?));
        let (value, left) = read.parse_str(tokens).unwrap();
        (value.to_string(), left.to_string())
    }

    #[test]
    fn an_expression_ends_at_the_comma_that_is_not_its_own() {
        for value in [
            "self . kind ()",
            "| a , b | a < b",
            "move | r : & Result < u8 , () > | -> bool { r . is_ok () }",
            "parse :: < u8 , u16 > (a , b)",
            "< T as Named < u8 , u8 > > :: NAME",
            "match a { 1 => 2 , _ => 3 }",
            "if a { b } else { c }",
            "a < b",
            "Kind { a , b } . text ()",
            "& path [1 ..]",
            "(.. a)",
            "format ! (\"{}\" , a)",
            "x . await ?",
            "unsafe { a }",
            "type_name :: < T > ()",
        ] {
            let (read, left) = split(&format!("= {value}, y = 1"));
            assert_eq!((read.as_str(), left.as_str()), (value, ", y = 1"));
            assert_eq!(split(&format!("= {value}")), (value.to_owned(), String::new()));
        }
    }

    #[test]
    fn a_range_has_two_ends() {
        let read = |tokens: &str| {
            let name = Ident::new("x", Span::call_site());
            let read = |input: ParseStream<'_>| range(&name, input);
            read.parse_str(tokens).map_err(|error| error.to_string())
        };
        let show = |bound: Bound| match bound {
            Bound::Number(number) => number.to_string(),
            Bound::Expression { value, before } => {
                let value = value.to_string().replace(' ', "");
                if before { value + " less 1" } else { value }
            }
        };
        for (tokens, first, last) in [
            ("= 0..=9", "0", "9"),
            ("= 0..10", "0", "9"),
            ("= -5_i8..=-0x1", "-5", "-1"),
            ("= -9223372036854775808..1", "-9223372036854775808", "0"),
            ("= A::B..c(1..2)", "A::B", "c(1..2) less 1"),
            ("= 1 + 1..=D::<A, B>::E", "1+1", "D::<A,B>::E"),
        ] {
            let range = read(tokens).ok().unwrap();
            assert_eq!((show(range.first), show(range.last)), (first.to_owned(), last.to_owned()));
        }
        for tokens in ["= 5", "= ..", "= ..5", "= 5..", "= 5..="] {
            let error = read(tokens).err().unwrap();
            assert_eq!(error, "`x` takes a range of integers: write `x = 0..=9`");
        }
        for tokens in ["= 5..=4", "= 5..5"] {
            assert!(read(tokens).err().unwrap().starts_with("the range is empty"));
        }
    }

    #[test]
    fn what_is_missing_is_asked_for() {
        let name = Ident::new("x", Span::call_site());
        let error = |tokens: &str| {
            let read = |input: ParseStream<'_>| expression(&name, input);
            read.parse_str(tokens).unwrap_err().to_string()
        };
        assert_eq!(error(""), "`x` needs a value: write `x = expression`");
        assert_eq!(error("(1)"), "`x` needs a value: write `x = expression`");
        assert_eq!(error("= "), "`x` needs a value: write `x = expression`");
    }
}

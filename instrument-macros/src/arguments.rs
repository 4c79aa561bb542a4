use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Result, Token};

/// The arguments of an attribute: each is one that the attribute knows, and is given once unless it can be repeated.
pub(crate) struct Arguments {
    /// The attribute, as a message names it.
    attribute: &'static str,
    /// Every argument, as the user writes it.
    forms: &'static [&'static str],
    /// One that can be given more than once.
    repeatable: Option<&'static str>,
    given: Vec<Ident>,
}

impl Arguments {
    pub(crate) fn new(attribute: &'static str, forms: &'static [&'static str]) -> Self {
        Self { attribute, forms, repeatable: None, given: Vec::new() }
    }

    pub(crate) fn repeatable(mut self, name: &'static str) -> Self {
        self.repeatable = Some(name);
        self
    }

    /// Reads the arguments of all attributes of a name on one item, so that `#[labels(skip)] #[labels(skip)]` is noticed.
    pub(crate) fn read_all(
        mut self,
        name: &str,
        attributes: &[Attribute],
        mut value: impl FnMut(&Ident, ParseStream<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut named = attributes.iter().filter(|attribute| attribute.path().is_ident(name));
        named.try_for_each(|attribute| {
            attribute.parse_args_with(|input: ParseStream<'_>| self.read(input, &mut value))
        })
    }

    /// Reads arguments up to the end. `value` reads what follows a name, and says whether it knows the name.
    pub(crate) fn read(
        &mut self,
        input: ParseStream<'_>,
        mut value: impl FnMut(&Ident, ParseStream<'_>) -> Result<bool>,
    ) -> Result<()> {
        while !input.is_empty() {
            let name = input.call(Ident::parse_any).map_err(|error| {
                Error::new(error.span(), format!("expected an argument: {}", self.known()))
            })?;
            if self.given.contains(&name) && self.repeatable.is_none_or(|repeatable| name != repeatable) {
                return Err(Error::new(name.span(), format!("`{name}` is given twice: keep one of the two")));
            }
            if !value(&name, input)? {
                let message = format!("{} has no argument `{name}`: {}", self.attribute, self.known());
                return Err(Error::new(name.span(), message));
            }
            self.given.push(name);
            if !input.is_empty() && !input.peek(Token![,]) {
                return Err(input.error("a `,` belongs between two arguments"));
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    }

    fn known(&self) -> String {
        let forms: Vec<_> = self.forms.iter().map(|form| format!("`{form}`")).collect();
        match forms.as_slice() {
            [only] => format!("write {only}"),
            [first @ .., last] => format!("write {} or {last}", first.join(", ")),
            [] => "it takes none".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse::Parser as _;

    use super::*;

    /// The names read from `tokens`, where `a` and `b` are known.
    fn names(tokens: &str) -> std::result::Result<Vec<String>, String> {
        let read = |input: ParseStream<'_>| {
            let mut names = Vec::new();
            Arguments::new("`#[test]`", &["a", "b"]).read(input, |name, _| {
                names.push(name.to_string());
                Ok(name == "a" || name == "b")
            })?;
            Ok(names)
        };
        read.parse_str(tokens).map_err(|error| error.to_string())
    }

    #[test]
    fn known_arguments_are_read_in_any_order_with_or_without_a_last_comma() {
        assert_eq!(names("").unwrap(), Vec::<String>::new());
        assert_eq!(names("b, a").unwrap(), ["b", "a"]);
        assert_eq!(names("a,").unwrap(), ["a"]);
    }

    #[test]
    fn each_mistake_has_its_message() {
        assert_eq!(names("a, a").unwrap_err(), "`a` is given twice: keep one of the two");
        assert_eq!(names("c").unwrap_err(), "`#[test]` has no argument `c`: write `a` or `b`");
        assert_eq!(names("a b").unwrap_err(), "a `,` belongs between two arguments");
        assert_eq!(names("=").unwrap_err(), "expected an argument: write `a` or `b`");
    }
}

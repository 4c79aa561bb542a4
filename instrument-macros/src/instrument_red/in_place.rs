//! Functions under `#[track_caller]`, whose body must not be moved into a closure: there it would see the function as its caller.

use proc_macro2::{TokenStream, TokenTree};

use super::function::Function;
use super::tokens::{is_mark, is_word};

/// Macros of the standard library that do not leave the function, but by a panic.
const KNOWN_MACROS: [&str; 26] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "column",
    "concat",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "line",
    "matches",
    "module_path",
    "panic",
    "print",
    "println",
    "stringify",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
];

/// Words before a `!(..)` that is no macro.
const BEFORE_NOT: [&str; 5] = ["else", "if", "in", "match", "while"];

/// Whether the body is to run where it stands. Only one that is left by its end alone can: no macro sees the value of another `return`.
pub(crate) fn runs_in_place(function: &Function) -> bool {
    has_track_caller(&function.head) && is_left_by_its_end(&function.body.stream())
}

fn has_track_caller(head: &TokenStream) -> bool {
    let head: Vec<TokenTree> = head.clone().into_iter().collect();
    let is_it = |attribute: &TokenStream| matches!(attribute.clone().into_iter().collect::<Vec<_>>().as_slice(), [name] if is_word(name, "track_caller"));
    head.windows(2).any(
        |two| matches!(two, [pound, TokenTree::Group(own)] if is_mark(pound, '#') && is_it(&own.stream())),
    )
}

fn is_left_by_its_end(body: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    let is_unknown_macro = tokens.windows(3).any(|three| match three {
        [TokenTree::Ident(name), bang, TokenTree::Group(_)] if is_mark(bang, '!') => {
            !KNOWN_MACROS.iter().chain(&BEFORE_NOT).any(|known| name == known)
        }
        _ => false,
    });
    !is_unknown_macro
        && tokens.iter().all(|token| match token {
            TokenTree::Group(group) => is_left_by_its_end(&group.stream()),
            token => !is_word(token, "return") && !is_mark(token, '?'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_place(function: &str) -> bool {
        runs_in_place(&Function::read(function.parse().unwrap()).unwrap())
    }

    #[test]
    fn a_body_stays_where_it_is_if_nothing_but_its_end_leaves_it() {
        assert!(in_place("#[track_caller] fn f(a: bool) -> u8 { assert!(a != true); x.expect(\"\") }"));
        assert!(in_place("#[inline] #[track_caller] pub fn f() { if !(a) { panic!(\"{}\", b) } }"));
        for other in [
            "fn f() { panic!() }",
            "#[track_caller] fn f() { if a { return; } b() }",
            "#[track_caller] fn f() -> Option<u8> { Some(a()? + 1) }",
            "#[track_caller] fn f() { { bail!(\"\") } }",
        ] {
            assert!(!in_place(other), "{other}");
        }
    }
}

//! What the attribute writes, for a reader to see: `name.rs` becomes `name.expanded.rs`.

use proc_macro2::{TokenStream, TokenTree};

fn assert_expands(given: &str, expected: &str) {
    let mut given = given.parse::<TokenStream>().unwrap().into_iter();
    let (Some(_), Some(TokenTree::Group(attribute))) = (given.next(), given.next()) else {
        panic!("the attribute comes first");
    };
    let arguments = match attribute.stream().into_iter().nth(1) {
        Some(TokenTree::Group(arguments)) => arguments.stream(),
        _ => TokenStream::new(),
    };
    let expanded = super::attribute(arguments, given.collect());
    // Spaces say nothing: how tokens are printed is for the compiler to choose.
    assert!(unspaced(&expanded.to_string()) == unspaced(expected), "expanded to {expanded}");
}

fn unspaced(code: &str) -> String {
    code.split_whitespace().collect()
}

#[test]
fn a_function() {
    assert_expands(include_str!("function.rs"), include_str!("function.expanded.rs"));
}

#[test]
fn an_async_method_with_labels() {
    assert_expands(include_str!("async_method.rs"), include_str!("async_method.expanded.rs"));
}

#[test]
fn a_function_with_all_other_arguments() {
    assert_expands(include_str!("arguments.rs"), include_str!("arguments.expanded.rs"));
}

#[test]
fn a_method_that_async_trait_has_boxed() {
    assert_expands(include_str!("boxed.rs"), include_str!("boxed.expanded.rs"));
}

#[test]
fn an_async_function_with_kinds_of_errors_poll_time_and_an_objective() {
    assert_expands(include_str!("error_kind.rs"), include_str!("error_kind.expanded.rs"));
}

#[test]
fn a_function_that_returns_a_stream() {
    assert_expands(include_str!("stream.rs"), include_str!("stream.expanded.rs"));
}

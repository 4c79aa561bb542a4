//! What the compiler says to a wrong use: one error, at the token, with what to write instead.
#![cfg(feature = "macros")]

#[test]
fn wrong_uses_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

//! Every kind of function keeps its signature and its meaning.

use std::fmt::Display;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;

use instrument_core::instrument_red;

use crate::recorded::{Calls, block_on, calls, yield_once};

#[track_caller]
fn assert_ok(function: &str) {
    assert_eq!(calls(module_path!(), function), Calls { ok: 1, ..Calls::default() });
}

struct Shelf<T> {
    books: Vec<T>,
    name: String,
}

impl<T: Clone + Display> Shelf<T> {
    #[instrument_red]
    fn new(name: &str, books: impl IntoIterator<Item = T>) -> Self {
        Self { books: books.into_iter().collect(), name: name.to_owned() }
    }

    #[instrument_red]
    fn name(&self) -> &str {
        &self.name
    }

    #[instrument_red]
    fn book_mut(&mut self, at: usize) -> Option<&mut T> {
        self.books.get_mut(at)
    }

    #[instrument_red]
    fn longer<'a>(&self, one: &'a str, other: &'a str) -> &'a str {
        if one.len() > other.len() {
            return one;
        }
        other
    }

    #[instrument_red]
    fn into_books(self) -> Vec<T> {
        self.books
    }

    #[instrument_red]
    fn shared(self: Arc<Self>) -> usize {
        Arc::strong_count(&self)
    }

    #[instrument_red]
    fn pinned(self: Pin<&mut Self>) -> Pin<&mut Self> {
        self
    }

    #[instrument_red]
    async fn titles(&self) -> Vec<String> {
        yield_once().await;
        self.books.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn methods_take_self_in_every_way() {
    let mut shelf = Shelf::new("a", ["b".to_owned()]);
    assert_eq!(shelf.name(), "a");
    shelf.book_mut(0).unwrap().push('!');
    assert_eq!(shelf.longer("long", "longer"), "longer");
    assert_eq!(Pin::new(&mut shelf).pinned().name, "a");
    assert_eq!(block_on(shelf.titles()), ["b!"]);
    assert_eq!(shelf.into_books(), ["b!"]);
    assert_eq!(Arc::new(Shelf::<u8> { books: vec![], name: String::new() }).shared(), 1);
    for function in ["new", "book_mut", "longer", "pinned", "titles", "into_books", "shared"] {
        assert_ok(function);
    }
}

trait Greet {
    fn name(&self) -> String;

    #[instrument_red]
    fn greet(&self) -> String {
        format!("Hello, {}", self.name())
    }

    async fn wave(&self) -> Result<String, String>;
}

impl Greet for u8 {
    fn name(&self) -> String {
        self.to_string()
    }

    #[instrument_red]
    async fn wave(&self) -> Result<String, String> {
        yield_once().await;
        self.checked_sub(1).map(|n| n.to_string()).ok_or_else(|| "nobody".to_owned())
    }
}

#[test]
fn traits_have_them_by_default_and_in_impls() {
    assert_eq!(1.greet(), "Hello, 1");
    assert_eq!(block_on(1.wave()), Ok("0".to_owned()));
    assert!(block_on(0.wave()).is_err());
    assert_ok("greet");
    assert_eq!(calls(module_path!(), "wave"), Calls { ok: 1, error: 1, ..Calls::default() });
}

/// # Safety
///
/// `pointer` is valid for a read.
#[instrument_red]
#[expect(unsafe_code, reason = "what is tested")]
unsafe fn read(pointer: *const u32) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { *pointer }
}

#[instrument_red]
extern "C" fn add(a: u32, b: u32) -> u32 {
    a + b
}

#[test]
#[expect(unsafe_code, reason = "what is tested")]
fn unsafe_and_extern_stay() {
    let read: unsafe fn(*const u32) -> u32 = read;
    let add: extern "C" fn(u32, u32) -> u32 = add;
    // SAFETY: the pointer comes from a reference.
    assert_eq!(add(unsafe { read(&1) }, 2), 3);
    assert_ok("read");
    assert_ok("add");
}

#[test]
fn generics_where_clauses_and_constants_stay() {
    #[instrument_red]
    fn largest<const N: usize, T, F: Fn(&T) -> u32>(items: [T; N], size: F) -> Option<T>
    where
        T: Clone,
    {
        items.iter().max_by_key(|item| size(item)).cloned()
    }

    assert_eq!(largest(["a", "bb"], |text| text.len() as u32), Some("bb"));
    assert_ok("largest");
}

#[test]
fn impl_trait_goes_in_and_out() {
    #[instrument_red]
    fn evens(numbers: impl Iterator<Item = u32>) -> impl Iterator<Item = u32> {
        numbers.filter(|n| n % 2 == 0)
    }

    #[instrument_red]
    async fn odds(numbers: Vec<u32>) -> Result<impl Iterator<Item = u32>, std::fmt::Error> {
        yield_once().await;
        Ok(numbers.into_iter().filter(|n| n % 2 == 1))
    }

    assert_eq!(evens(0..4).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(block_on(odds(vec![0, 1, 2, 3])).unwrap().collect::<Vec<_>>(), [1, 3]);
    assert_ok("evens");
    assert_ok("odds");
}

#[test]
fn a_generic_value_is_a_success_whatever_it_turns_out_to_be() {
    #[instrument_red]
    fn same<T>(value: T) -> T {
        value
    }

    assert_eq!(same(Err::<u8, u8>(1)), Err(1));
    assert_ok("same");
}

#[test]
fn instances_of_a_generic_function_share_a_series() {
    #[instrument_red]
    fn size<T>() -> usize {
        size_of::<T>()
    }

    assert_eq!((size::<u8>(), size::<u16>()), (1, 2));
    assert_eq!(calls(module_path!(), "size"), Calls { ok: 2, ..Calls::default() });
}

#[test]
fn patterns_and_mutable_arguments_stay() {
    #[instrument_red]
    fn fold((a, b): (u32, u32), [c, ..]: [u32; 2], mut rest: Vec<u32>, _: bool) -> u32 {
        rest.push(a + b + c);
        rest.iter().sum()
    }

    assert_eq!(fold((1, 2), [3, 4], vec![5], true), 11);
    assert_ok("fold");
}

#[test]
fn recursion_and_raw_names_work() {
    #[instrument_red]
    fn r#loop(n: u64) -> u64 {
        if n == 0 { 1 } else { n * r#loop(n - 1) }
    }

    #[instrument_red]
    async fn down(n: u32) -> u32 {
        if n == 0 { 0 } else { Box::pin(down(n - 1)).await }
    }

    assert_eq!(r#loop(3), 6);
    assert_eq!(block_on(down(2)), 0);
    assert_eq!(calls(module_path!(), "loop").ok, 4);
    assert_eq!(calls(module_path!(), "down").ok, 3);
}

macro_rules! function {
    ($(#[$attribute:meta])* $visibility:vis $name:ident($argument:ident: $type:ty) -> $returns:ty $body:block) => {
        $(#[$attribute])*
        #[instrument_red]
        $visibility fn $name($argument: $type) -> $returns $body
    };
    ($item:item) => {
        #[instrument_red]
        $item
    };
}

function! {
    /// Made by a macro.
    #[must_use]
    pub(crate) from_parts(text: &str) -> Option<&dyn Display> {
        if text.is_empty() { None } else { Some(text_of(text)) }
    }
}

fn text_of(_: &str) -> &dyn Display {
    &'t'
}

function! {
    fn from_item(n: u8) -> u8 { n }
}

#[test]
fn who_calls_under_track_caller_is_the_caller() {
    #[instrument_red]
    #[track_caller]
    fn line() -> u32 {
        Location::caller().line()
    }

    #[track_caller]
    #[instrument_red]
    fn column(by: impl Fn() -> u32) -> impl Display {
        assert!(by() > 0, "a column");
        Location::caller().column()
    }

    assert_eq!((line(), line!()), (line!(), line()));
    assert_eq!((column!(), column(|| 1).to_string()), (17, "28".to_owned()));
    assert_eq!(calls(module_path!(), "line"), Calls { ok: 2, ..Calls::default() });
    assert_ok("column");
}

#[test]
fn one_under_track_caller_that_returns_early_is_recorded_all_the_same() {
    #[track_caller]
    #[instrument_red]
    fn early(text: &str) -> Result<u8, std::num::ParseIntError> {
        Ok(text.parse::<u8>()? + 1)
    }

    assert_eq!((early("1"), early("x").is_err()), (Ok(2), true));
    assert_eq!(calls(module_path!(), "early"), Calls { ok: 1, error: 1, ..Calls::default() });
}

#[test]
fn functions_made_by_macros_are_functions() {
    assert_eq!(from_parts("x").map(ToString::to_string), Some("t".to_owned()));
    assert_eq!(from_item(1), 1);
    assert_ok("from_parts");
    assert_ok("from_item");
}

#[test]
fn attributes_around_it_and_in_the_body_stay() {
    /// Documented.
    #[inline]
    #[instrument_red]
    #[must_use]
    #[cfg(not(any()))]
    #[allow(clippy::needless_return, clippy::mixed_attributes_style)]
    fn allowed() -> u8 {
        #![allow(unused_variables)]
        #![allow(non_snake_case)]
        let UNUSED = 1;
        return 2;
    }

    assert_eq!(allowed(), 2);
    assert_ok("allowed");
}

#[test]
#[instrument_red]
fn a_test_can_carry_it() {
    assert_eq!(calls(module_path!(), "a_test_can_carry_it").in_flight, 1);
}

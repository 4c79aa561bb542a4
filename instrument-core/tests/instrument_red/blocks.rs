//! On an `impl` block, a trait or a module the attribute is for each function in it.

use std::panic::catch_unwind;

use async_trait::async_trait;
use instrument_core::{Registry, instrument_red};

use crate::recorded::{Calls, block_on, calls, calls_in, yield_once};

const ONE: Calls = Calls { ok: 1, error: 0, panic: 0, cancelled: 0, in_flight: 0 };

/// The calls in the family `store`, with the label `size` where one is given.
fn calls_of_store(function: &str, size: Option<&str>) -> Calls {
    let labels = [("function", function), ("module", module_path!())];
    let labels: Vec<_> = labels.into_iter().chain(size.map(|size| ("size", size))).collect();
    calls_in(&Registry::global().snapshot(), "store", &labels)
}

struct Store<const N: usize> {
    lines: [u8; N],
}

#[instrument_red(name = "store", labels(size = self.lines.len()))]
impl<const N: usize> Store<N> {
    /// Constants stay as they are.
    const DOUBLE: usize = N << 1;

    #[instrument_red(labels(size = N))]
    fn new() -> Self {
        Self { lines: [0; N] }
    }

    /// Never under the attribute: the compiler may run it.
    const fn len(&self) -> usize {
        self.lines.len()
    }

    #[inline]
    fn first(&mut self) -> Option<&mut u8> {
        self.lines.first_mut()
    }

    async fn read(&self, at: usize) -> Result<u8, usize> {
        yield_once().await;
        self.lines.get(at).copied().ok_or(at)
    }

    #[instrument_red(skip)]
    fn skipped(&self) -> u8 {
        self.lines[0]
    }

    #[instrument_red(err_if = |sum| *sum > 0)]
    fn sum(&self) -> u8 {
        self.lines.iter().sum()
    }
}

#[test]
fn each_function_of_an_impl_has_it_with_the_arguments_of_the_block_or_its_own() {
    let mut store = Store::<3>::new();
    *store.first().unwrap() = 7;
    assert_eq!((store.len(), store.skipped(), store.sum(), Store::<3>::DOUBLE), (3, 7, 7, 6));
    assert_eq!((block_on(store.read(0)), block_on(store.read(3))), (Ok(7), Err(3)));

    assert_eq!(calls_of_store("new", Some("3")), ONE);
    assert_eq!(calls_of_store("first", Some("3")), ONE);
    assert_eq!(calls_of_store("read", Some("3")), Calls { ok: 1, error: 1, ..Calls::default() });
    assert_eq!(calls_of_store("sum", Some("3")), Calls { error: 1, ..Calls::default() });
    for function in ["len", "skipped"] {
        assert_eq!(calls_of_store(function, Some("3")), Calls::default());
        assert_eq!(calls(module_path!(), function), Calls::default());
    }
}

#[instrument_red]
trait Speak {
    const LOUD: bool = true;

    fn name(&self) -> String;

    fn speak(&self) -> String {
        format!("I am {}", self.name())
    }
}

#[instrument_red]
impl Speak for u8 {
    fn name(&self) -> String {
        self.to_string()
    }
}

#[test]
fn the_functions_of_a_trait_have_it_where_they_have_a_body() {
    assert_eq!((7.speak(), u8::LOUD), ("I am 7".to_owned(), true));
    assert_eq!(calls(module_path!(), "speak"), ONE);
    assert_eq!(calls(module_path!(), "name"), ONE);
}

#[instrument_red]
mod inside {
    #![allow(clippy::needless_pass_by_value)]

    use std::fmt::{self, Display};

    pub(super) static PREFIX: &str = "<";

    pub(super) struct Page<T> {
        pub(super) body: T,
    }

    impl<T: Display> Display for Page<T> {
        fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(to, "{PREFIX}{}", self.body)
        }
    }

    macro_rules! width {
        () => {
            2
        };
    }

    pub(super) fn width() -> usize {
        width!()
    }

    pub(super) mod deeper {
        pub(in super::super) fn fail() {
            panic!("here")
        }
    }

    #[instrument_red(skip)]
    pub(super) mod skipped {
        pub(in super::super) fn quiet() {}
    }
}

#[test]
fn all_functions_of_a_module_have_it() {
    assert_eq!(inside::Page { body: 1 }.to_string(), "<1");
    assert_eq!(inside::width(), 2);
    assert!(catch_unwind(inside::deeper::fail).is_err());
    inside::skipped::quiet();

    let module = concat!(module_path!(), "::inside");
    assert_eq!(calls(module, "fmt"), ONE);
    assert_eq!(calls(module, "width"), ONE);
    assert_eq!(calls(&format!("{module}::deeper"), "fail"), Calls { panic: 1, ..Calls::default() });
    assert_eq!(calls(&format!("{module}::skipped"), "quiet"), Calls::default());
}

#[async_trait]
trait Fetch {
    async fn above(&self) -> Result<u8, u8>;
    async fn below(&self) -> Result<u8, u8>;
}

struct Above;
struct Below;

#[instrument_red]
#[async_trait]
impl Fetch for Above {
    async fn above(&self) -> Result<u8, u8> {
        yield_once().await;
        Err(1)
    }

    #[instrument_red(skip)]
    async fn below(&self) -> Result<u8, u8> {
        Ok(1)
    }
}

#[async_trait]
#[instrument_red]
impl Fetch for Below {
    #[instrument_red(skip)]
    async fn above(&self) -> Result<u8, u8> {
        Ok(1)
    }

    async fn below(&self) -> Result<u8, u8> {
        yield_once().await;
        Err(1)
    }
}

#[test]
fn it_stands_above_async_trait_or_below() {
    assert_eq!((block_on(Above.above()), block_on(Above.below())), (Err(1), Ok(1)));
    assert_eq!((block_on(Below.above()), block_on(Below.below())), (Ok(1), Err(1)));
    for function in ["above", "below"] {
        assert_eq!(calls(module_path!(), function), Calls { error: 1, ..Calls::default() });
    }
}

macro_rules! shelf {
    ($name:ident { $($item:item)* }) => {
        struct $name;

        #[instrument_red]
        impl $name {
            $($item)*
        }
    };
}

shelf! {
    Shelf {
        fn top() -> u8 {
            1
        }
        fn bottom() -> u8 {
            2
        }
    }
}

#[test]
fn items_that_a_macro_was_given_are_items() {
    assert_eq!((Shelf::top(), Shelf::bottom()), (1, 2));
    assert_eq!((calls(module_path!(), "top"), calls(module_path!(), "bottom")), (ONE, ONE));
}

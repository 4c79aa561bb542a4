use crate::{Outcome, RedSpan};

/// Ends a span by what the function returned: as its [`Outcome`] says where the type has one, else as `ok`.
///
/// The choice is made by method resolution, so that it works for types that the macro cannot name: an expansion brings both
/// traits into scope and calls `(&Finish(&returned)).finish_span(span)`. [`FinishOutcome`] takes `&Finish<T>` by value and is found
/// first where `T: Outcome`; [`FinishAnything`] needs one more reference and is found otherwise.
#[derive(Debug)]
pub struct Finish<'a, T: ?Sized>(pub &'a T);

/// Found for types that have an [`Outcome`].
pub trait FinishOutcome {
    /// Ends the span as the value's outcome says.
    fn finish_span(self, span: RedSpan);
}

impl<T: Outcome + ?Sized> FinishOutcome for &Finish<'_, T> {
    #[inline]
    fn finish_span(self, span: RedSpan) {
        if self.0.is_error() {
            span.error();
        } else {
            span.ok();
        }
    }
}

/// Found for all other types: whatever is returned is a success.
pub trait FinishAnything {
    /// Ends the span as `ok`.
    fn finish_span(self, span: RedSpan);
}

impl<T: ?Sized> FinishAnything for &&Finish<'_, T> {
    #[inline]
    fn finish_span(self, span: RedSpan) {
        span.ok();
    }
}

/// Runs the body of a function, whatever it returns by.
///
/// A closure that is called where it is written is inferred to be `FnMut`, and may then not return what it borrows from its
/// captures, such as `&mut self.field`. One that is handed to this function is `FnOnce`, and may.
#[inline(always)]
pub fn call<R>(body: impl FnOnce() -> R) -> R {
    body()
}

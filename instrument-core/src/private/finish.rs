use crate::{Outcome, RedSpan};

/// Ends a span by what the function returned: as its [`Outcome`] says where the type has one, else as `ok`.
///
/// The choice is made by method resolution, so that it works for types that the macro cannot name: an expansion brings the three
/// traits into scope and calls `(&&Finish(&returned)).finish_span(span)`. The compiler takes references off until a trait fits: with both on,
/// [`FinishNested`] does for a `Result` whose value has an outcome; with one, [`FinishOutcome`] where `T: Outcome`; with none, [`FinishAnything`].
#[derive(Debug)]
pub struct Finish<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized> Clone for Finish<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Finish<'_, T> {}

/// Found for a `Result` with a value that has an [`Outcome`], such as a response.
pub trait FinishNested {
    /// Ends the span as the value's outcome says, or as an error where there is none.
    fn finish_span(self, span: RedSpan);
}

impl<T: Outcome, E> FinishNested for &&Finish<'_, Result<T, E>> {
    #[inline]
    fn finish_span(self, span: RedSpan) {
        finish(span, self.0.as_ref().map_or(true, Outcome::is_error));
    }
}

/// Found for types that have an [`Outcome`].
pub trait FinishOutcome {
    /// Ends the span as the value's outcome says.
    fn finish_span(self, span: RedSpan);
}

impl<T: Outcome + ?Sized> FinishOutcome for &Finish<'_, T> {
    #[inline]
    fn finish_span(self, span: RedSpan) {
        finish(span, self.0.is_error());
    }
}

/// Found for all other types: whatever is returned is a success.
pub trait FinishAnything {
    /// Ends the span as `ok`.
    fn finish_span(self, span: RedSpan);
}

impl<T: ?Sized> FinishAnything for Finish<'_, T> {
    #[inline]
    fn finish_span(self, span: RedSpan) {
        span.ok();
    }
}

#[inline]
fn finish(span: RedSpan, is_error: bool) {
    if is_error {
        span.error();
    } else {
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

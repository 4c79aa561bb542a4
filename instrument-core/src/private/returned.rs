use crate::Outcome;

/// Whether what the function returned is an error: as its [`Outcome`] says where the type has one, else it is not.
///
/// The choice is made by method resolution, so that it works for types that the macro cannot name: an expansion brings the three
/// traits into scope and asks `(&&Returned(&returned)).failed()`. The compiler takes references off until a trait fits: with both on,
/// [`NestedOutcome`] does for a `Result` whose value has an outcome; with one, [`OwnOutcome`] where `T: Outcome`; with none, [`NoOutcome`].
#[derive(Debug)]
pub struct Returned<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized> Clone for Returned<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Returned<'_, T> {}

/// Found for a `Result` with a value that has an [`Outcome`], such as a response.
pub trait NestedOutcome {
    /// As the value's outcome says, and where there is no value it is one.
    fn failed(self) -> bool;
}

impl<T: Outcome, E> NestedOutcome for &&Returned<'_, Result<T, E>> {
    #[inline]
    fn failed(self) -> bool {
        self.0.as_ref().map_or(true, Outcome::is_error)
    }
}

/// Found for types that have an [`Outcome`].
pub trait OwnOutcome {
    /// As the value's outcome says.
    fn failed(self) -> bool;
}

impl<T: Outcome + ?Sized> OwnOutcome for &Returned<'_, T> {
    #[inline]
    fn failed(self) -> bool {
        self.0.is_error()
    }
}

/// Found for all other types: whatever is returned is a success.
pub trait NoOutcome {
    /// It is none.
    fn failed(self) -> bool;
}

impl<T: ?Sized> NoOutcome for Returned<'_, T> {
    #[inline]
    fn failed(self) -> bool {
        false
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

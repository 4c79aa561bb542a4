use std::fmt;

use crate::{LabelValue, RedSpan};

/// A returned value that can have an error in it, for `error = ..` to look at.
#[diagnostic::on_unimplemented(
    message = "`error = ..` reads the error of a `Result`, and the function returns `{Self}`",
    label = "there is no error to read",
    note = "return a `Result`, or leave `error` out"
)]
pub trait Failing {
    /// The type of the error.
    type Error;

    /// The error, if it is one.
    fn failure(&self) -> Option<&Self::Error>;
}

impl<T, E> Failing for Result<T, E> {
    type Error = E;

    #[inline]
    fn failure(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

/// A span, and of which kind the error is that it ends by, if it does.
pub struct FailingSpan<K> {
    span: RedSpan,
    kind: Option<K>,
    /// Kept from where the type of the kinds is checked: so a wrong one makes one error, and not another at each method.
    fail: fn(RedSpan, &K),
}

impl<K> FailingSpan<K> {
    /// A span and what the function returned, with the closure from an error to its kind.
    ///
    /// The kinds that the type has get their series, so that the first error is an increase.
    #[inline]
    pub fn new<'r, R: Failing>(span: RedSpan, returned: &'r R, kind: impl FnOnce(&'r R::Error) -> K) -> Self
    where
        K: LabelValue,
    {
        span.know_kinds::<K>();
        Self { span, kind: returned.failure().map(kind), fail: RedSpan::fail::<K> }
    }

    /// Ends the span as `ok`.
    #[inline]
    pub fn ok(self) {
        self.span.ok();
    }

    /// Ends the span as an error, of its kind where there is one.
    pub fn error(self) {
        match &self.kind {
            Some(kind) => (self.fail)(self.span, kind),
            None => self.span.error(),
        }
    }
}

impl<K> fmt::Debug for FailingSpan<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailingSpan").field("span", &self.span).finish_non_exhaustive()
    }
}

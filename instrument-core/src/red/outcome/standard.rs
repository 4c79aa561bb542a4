//! The types of the standard library.

use std::ops::ControlFlow;
use std::task::Poll;

use super::Outcome;

impl<T, E> Outcome for Result<T, E> {
    #[inline]
    fn is_error(&self) -> bool {
        self.is_err()
    }
}

impl<T: Outcome> Outcome for Option<T> {
    #[inline]
    fn is_error(&self) -> bool {
        self.as_ref().is_some_and(T::is_error)
    }
}

impl<T: Outcome> Outcome for Poll<T> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Ready(value) if value.is_error())
    }
}

impl<B: Outcome, C> Outcome for ControlFlow<B, C> {
    #[inline]
    fn is_error(&self) -> bool {
        matches!(self, Self::Break(value) if value.is_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_within_another_is_asked() {
        let failed: Result<(), ()> = Err(());
        for is_error in [Some(failed).is_error(), Poll::Ready(Some(failed)).is_error()] {
            assert!(is_error);
        }
        assert!(ControlFlow::<_, ()>::Break(failed).is_error());
        assert!(!ControlFlow::<Result<(), ()>, _>::Continue(failed).is_error());
        assert!(!None::<Result<(), ()>>.is_error());
        assert!(!Poll::<Result<(), ()>>::Pending.is_error());
        assert!(!Some(Ok::<(), ()>(())).is_error());
    }
}

/// What a returned value says of the call that returned it.
///
/// `#[instrument_red]` asks it of every value whose type implements it; values of other types are successes. `Result` implements
/// it: `Err` is an error.
///
/// ```
/// use instrument_core::Outcome;
///
/// enum Answer {
///     Found,
///     Failed,
/// }
///
/// impl Outcome for Answer {
///     fn is_error(&self) -> bool {
///         matches!(self, Answer::Failed)
///     }
/// }
///
/// assert!(!Answer::Found.is_error());
/// assert!(Answer::Failed.is_error());
/// assert!("x".parse::<u8>().is_error());
/// ```
pub trait Outcome {
    /// Whether the call failed.
    fn is_error(&self) -> bool;
}

impl<T, E> Outcome for Result<T, E> {
    #[inline]
    fn is_error(&self) -> bool {
        self.is_err()
    }
}

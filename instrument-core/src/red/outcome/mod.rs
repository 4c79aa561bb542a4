//! What a returned value says of the call that returned it: one file for each place that types come from.

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "http")]
mod http;
mod standard;

/// What a returned value says of the call that returned it.
///
/// `#[instrument_red]` asks it of every value whose type implements it; values of other types are successes.
///
/// | type | is an error |
/// |---|---|
/// | `Result<_, _>` | when it is an `Err`. The attribute asks the value of an `Ok` as well, where that has an outcome |
/// | `Option<T>`, `Poll<T>` | when there is a value, and that is one. `None` and `Pending` are successes |
/// | `ControlFlow<B, _>` | when it is a `Break`, and its value is one: to stop is no failure |
/// | `http::Response`, `StatusCode`, `(StatusCode, ..)`, and so what axum answers (feature `http`) | when the status is 500 or above |
/// | `actix_web::HttpResponse` (feature `actix`) | when the status is 500 or above |
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

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::error::Error;
use crate::name::{self, Characters};

/// The most characters that an exemplar's label names and values have together.
///
/// Source: OpenMetrics 1.0, section "Exemplars".
const MAX_CHARACTERS: usize = 128;

/// What tells which request it was: labels that are kept with a number when it is recorded, most often the id of a trace.
///
/// Given to [`Histogram::observe_with`](crate::Histogram::observe_with) or [`Counter::inc_with`](crate::Counter::inc_with), where the last one of
/// each bucket is kept: [`RecordedExemplar`](crate::RecordedExemplar).
///
/// ```
/// use std::time::Duration;
///
/// use instrument_core::{Exemplar, Registry};
///
/// let registry = Registry::new();
/// let lookup = registry.histogram::<Duration>("lookup", "Time to look up a quotation.").register()?;
/// lookup.observe_with(Duration::from_millis(300), Exemplar::trace_id("4bf92f3577b34da6a3ce929d0e0e4736"));
///
/// let snapshot = registry.snapshot();
/// let [exemplar] = snapshot.exemplars("lookup_seconds", &[]) else { panic!("there is one") };
/// assert_eq!(exemplar.value(), 0.3);
/// assert!(exemplar.labels().eq([("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")]));
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// # Bounds
///
/// Names and values have at most 128 characters together (OpenMetrics 1.0, section "Exemplars"), and names are such as other labels have. An exemplar that breaks a rule is
/// dropped where it is recorded, and counted in `instrument_exemplars_dropped_total{family="…"}` of the metric's registry; the number
/// counts all the same. A test can ask [`check`](Self::check).
#[derive(Debug, Clone, PartialEq)]
pub struct Exemplar {
    labels: Result<Labels, Box<Error>>,
}

pub(super) type Labels = Box<[(Cow<'static, str>, Box<str>)]>;

impl Exemplar {
    /// An exemplar with these labels, as (name, value). Names that are known at compile time are not copied.
    ///
    /// ```
    /// use instrument_core::Exemplar;
    ///
    /// let exemplar = Exemplar::new([("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"), ("span_id", "00f067aa0ba902b7")]);
    /// assert!(exemplar.check().is_ok());
    /// ```
    #[must_use]
    pub fn new<Name, Value>(labels: impl IntoIterator<Item = (Name, Value)>) -> Self
    where
        Name: Into<Cow<'static, str>>,
        Value: fmt::Display,
    {
        let mut left = MAX_CHARACTERS;
        let mut checked: Vec<(Cow<'static, str>, Box<str>)> = Vec::new();
        for (name, value) in labels {
            let name = name.into();
            let is_double = checked.iter().any(|(other, _)| *other == name);
            match check(&name, is_double, &value, &mut left) {
                Ok(value) => checked.push((name, value)),
                Err(rule) => {
                    let error = Error::InvalidExemplar { label: name.into_owned(), rule };
                    return Self { labels: Err(Box::new(error)) };
                }
            }
        }
        Self { labels: Ok(checked.into()) }
    }

    /// An exemplar with the one label `trace_id`.
    ///
    /// ```
    /// use instrument_core::Exemplar;
    ///
    /// assert_eq!(Exemplar::trace_id("4bf9"), Exemplar::new([("trace_id", "4bf9")]));
    /// ```
    #[must_use]
    pub fn trace_id(id: impl fmt::Display) -> Self {
        Self::new([("trace_id", id)])
    }

    /// Whether it will be kept, or the rule that it breaks.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidExemplar`] names the label and the rule.
    ///
    /// ```
    /// use instrument_core::Exemplar;
    ///
    /// let error = Exemplar::new([("path", "/".repeat(200))]).check().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "exemplar label `path`: names and values have more than 128 characters together: leave it out or shorten it",
    /// );
    /// ```
    pub fn check(&self) -> Result<(), Error> {
        match &self.labels {
            Ok(_) => Ok(()),
            Err(error) => Err((**error).clone()),
        }
    }

    /// The labels, if they break no rule.
    pub(super) fn into_labels(self) -> Option<Labels> {
        self.labels.ok()
    }
}

/// The text of a value, unless the label breaks a rule. `left` is how many characters there may be more.
fn check(
    name: &str,
    is_double: bool,
    value: &dyn fmt::Display,
    left: &mut usize,
) -> Result<Box<str>, &'static str> {
    name::check_label_name(Characters::Plain, name)?;
    if is_double {
        return Err("it is there twice: rename one of the two");
    }
    let mut text = Bounded { text: String::new(), left };
    text.take(name)
        .and_then(|()| write!(text, "{value}"))
        .map_err(|_| "names and values have more than 128 characters together: leave it out or shorten it")?;
    Ok(text.text.into())
}

/// Takes so many characters and no more, so that a value that never ends does no harm.
struct Bounded<'l> {
    text: String,
    left: &'l mut usize,
}

impl Bounded<'_> {
    fn take(&mut self, part: &str) -> fmt::Result {
        *self.left = self.left.checked_sub(part.chars().count()).ok_or(fmt::Error)?;
        Ok(())
    }
}

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.take(part)?;
        self.text.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_have_128_characters_together_and_no_more() {
        // `é` is one character and two bytes.
        let exactly = |more: usize| Exemplar::new([("ab", "é".repeat(100)), ("c", "x".repeat(25 + more))]);
        assert_eq!(exactly(0).check(), Ok(()));
        let error = exactly(1).check().unwrap_err();
        assert!(matches!(&error, Error::InvalidExemplar { label, .. } if label == "c"), "{error}");
        assert_eq!(Exemplar::new([("x".repeat(128), "")]).check(), Ok(()));
        assert!(Exemplar::new([("x".repeat(129), "")]).check().is_err());
    }

    #[test]
    fn a_value_that_never_ends_is_refused_all_the_same() {
        struct Endless;
        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("on and ")?;
                }
            }
        }
        assert!(Exemplar::trace_id(Endless).check().is_err());
    }

    #[test]
    fn label_names_that_no_exposition_carries_are_refused() {
        for bad in ["", "trace id", "__trace", "1st", "é"] {
            let error = Exemplar::new([(bad, 1)]).check().unwrap_err();
            assert!(matches!(&error, Error::InvalidExemplar { label, .. } if label == bad), "{error}");
        }
        assert!(Exemplar::new([("a", 1), ("a", 2)]).check().is_err());
        assert_eq!(Exemplar::new([] as [(&str, &str); 0]).check(), Ok(()));
    }
}

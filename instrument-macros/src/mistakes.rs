use syn::{Error, Result};

/// Mistakes of one input, so that the user sees all of them at once.
#[derive(Default)]
pub(crate) struct Mistakes(Option<Error>);

impl Mistakes {
    /// Keeps the mistake, if it is one.
    pub(crate) fn notice<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(earlier) => earlier.combine(error),
            none => *none = Some(error),
        }
    }

    /// The mistakes, if there are any.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

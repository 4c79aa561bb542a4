use super::Quoted;

/// Which series an expression looks at, and over what time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Matchers that every selector has, such as `job=~"$job"`, or none.
    pub(crate) matchers: &'a str,
    /// A range, such as `5m`.
    pub(crate) range: &'a str,
}

/// A matcher of one job.
pub(crate) fn of_job(job: &str) -> String {
    format!("job={}", Quoted(job))
}

impl Scope<'_> {
    /// The series of a name that fit another matcher too, or none.
    pub(crate) fn select(&self, name: &str, matcher: &str) -> String {
        match (self.matchers, matcher) {
            ("", "") => name.to_owned(),
            ("", only) | (only, "") => format!("{name}{{{only}}}"),
            (first, second) => format!("{name}{{{first}, {second}}}"),
        }
    }

    /// How fast they grow, in a second.
    pub(crate) fn rate(&self, name: &str, matcher: &str) -> String {
        self.over_time("rate", name, matcher)
    }

    /// Their mean over the range.
    pub(crate) fn mean(&self, name: &str) -> String {
        self.over_time("avg_over_time", name, "")
    }

    fn over_time(&self, function: &str, name: &str, matcher: &str) -> String {
        format!("{function}({}[{}])", self.select(name, matcher), self.range)
    }
}

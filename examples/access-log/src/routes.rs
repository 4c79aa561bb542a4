//! From a path to the pattern that it matches.

use matchit::Router;

/// What a path is that matches no pattern.
pub(crate) const OTHER: &str = "other";

/// The patterns of the command line. A path that is matched by several has the most exact of them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Routes(Router<String>);

impl Routes {
    /// Adds a pattern, in the syntax of axum's router; the error is the rule that it breaks.
    pub(crate) fn add(&mut self, pattern: &str) -> Result<(), String> {
        if !pattern.starts_with('/') {
            return Err("it has to begin with /".to_owned());
        }
        self.0.insert(pattern, pattern.to_owned()).map_err(|error| error.to_string())
    }

    /// The pattern of a path without its query, or [`OTHER`].
    pub(crate) fn of(&self, path: &str) -> &str {
        self.0.at(path).map_or(OTHER, |matched| matched.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_most_exact_pattern_that_it_matches() {
        let mut routes = Routes::default();
        for pattern in ["/", "/quotes", "/quotes/{id}", "/quotes/random", "/static/{*path}"] {
            routes.add(pattern).unwrap();
        }
        for (path, route) in [
            ("/", "/"),
            ("/quotes/17", "/quotes/{id}"),
            ("/quotes/random", "/quotes/random"),
            ("/static/css/page.css", "/static/{*path}"),
            ("/quotes/17/author", OTHER),
            ("/admin", OTHER),
            ("", OTHER),
        ] {
            assert_eq!(routes.of(path), route, "{path:?}");
        }
    }
}

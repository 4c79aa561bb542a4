use std::env;

/// What stands for a method that is not known: anybody can make one up.
const OTHER: &str = "_OTHER";

/// A comma-separated list of methods that takes the place of the default ones.
const VARIABLE: &str = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";

/// Those that RFC 9110, RFC 5789 and the QUERY draft name.
const DEFAULT: [&str; 10] =
    ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"];

/// The methods that may stand in a label. Case matters, as it does in HTTP.
///
/// Source: OpenTelemetry semantic conventions, attribute `http.request.method`.
#[derive(Debug)]
pub(crate) struct KnownMethods(Vec<Box<str>>);

/// The place of a method among those that are known, or beyond them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MethodNumber(usize);

impl MethodNumber {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

impl KnownMethods {
    /// Those given, or those that the environment names, or the default ones.
    pub(crate) fn given(given: Option<Vec<Box<str>>>) -> Self {
        let given = given.or_else(|| env::var(VARIABLE).ok().and_then(|list| named_in(&list)));
        Self(given.unwrap_or_else(|| DEFAULT.map(Box::from).into()))
    }

    pub(crate) fn number(&self, method: &str) -> MethodNumber {
        let number = self.0.iter().position(|known| **known == *method);
        MethodNumber(number.unwrap_or(self.0.len()))
    }

    /// The numbers of all methods, and of what is beyond them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = MethodNumber> {
        (0..=self.0.len()).map(MethodNumber)
    }

    /// The method as a label.
    pub(crate) fn label(&self, number: MethodNumber) -> &str {
        self.0.get(number.0).map_or(OTHER, AsRef::as_ref)
    }
}

/// A variable that is set to nothing counts as not set, as OpenTelemetry has it for all variables.
fn named_in(list: &str) -> Option<Vec<Box<str>>> {
    let methods: Vec<_> =
        list.split(',').map(str::trim).filter(|method| !method.is_empty()).map(Box::from).collect();
    (!methods.is_empty()).then_some(methods)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(known: &KnownMethods, method: &str) -> String {
        known.label(known.number(method)).to_owned()
    }

    #[test]
    fn a_made_up_method_is_other() {
        let methods = KnownMethods(DEFAULT.map(Box::from).into());
        for known in ["GET", "PATCH", "QUERY", "TRACE"] {
            assert_eq!(label(&methods, known), known);
        }
        for unknown in ["get", "GETS", "PROPFIND", "_OTHER", ""] {
            assert_eq!(label(&methods, unknown), OTHER);
        }
    }

    #[test]
    fn a_list_takes_the_place_of_the_default_ones() {
        let methods = KnownMethods::given(named_in("GET, PROPFIND,,"));
        assert_eq!(label(&methods, "GET"), "GET");
        assert_eq!(label(&methods, "PROPFIND"), "PROPFIND");
        assert_eq!(label(&methods, "POST"), OTHER);
        assert_eq!(named_in(" , "), None);
    }
}

//! Testing what a program counts, without a server and beside other tests. Read the tests below, and run them by
//! `cargo test -p instrument-examples --example testing`.
//!
//!     $ cargo run -p instrument-examples --example testing
//!     quotes_parsed_total{outcome="good"} 1
//!     quotes_parsed_total{outcome="bad"} 1
//!
//! A metric that is in a dashboard or in an alert is part of what a program promises, as its answers are.

use instrument_core::{Counter, Error, Family, LabelValue, Labels, Metrics, Registry, instrument_red};
use instrument_http::TextEncoder;

#[derive(LabelValue)]
enum Outcome {
    Good,
    Bad,
}

#[derive(Labels)]
struct Parsed {
    outcome: Outcome,
}

#[derive(Metrics)]
#[metrics(prefix = "quotes")]
struct QuoteMetrics {
    /// Lines that were taken for a quotation.
    parsed: Family<Parsed, Counter>,
}

/// `Author: text`, as the text and the author.
#[instrument_red]
fn parse<'a>(line: &'a str, metrics: &QuoteMetrics) -> Option<(&'a str, &'a str)> {
    let quote = line.split_once(": ");
    let outcome = if quote.is_some() { Outcome::Good } else { Outcome::Bad };
    metrics.parsed.inc(&Parsed { outcome });
    quote.map(|(author, text)| (text, author))
}

fn main() -> Result<(), Error> {
    let metrics = QuoteMetrics::register(Registry::global())?;
    for line in ["Socrates: Know thyself.", "Know thyself."] {
        println!("{:?}", parse(line, &metrics));
    }
    print!("{}", TextEncoder::new().encode(Registry::global()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_author_is_counted_as_bad() {
        // Metrics that are passed on: the test makes its own.
        let registry = Registry::new();
        let metrics = QuoteMetrics::register(&registry).unwrap();
        assert_eq!(parse("Know thyself.", &metrics), None);

        let snapshot = registry.snapshot();
        assert_eq!(snapshot.expect_counter("quotes_parsed", &Parsed { outcome: Outcome::Bad }), 1);
        assert_eq!(snapshot.expect_counter("quotes_parsed_total", &[("outcome", "good")]), 0);
    }

    #[test]
    fn every_call_is_timed() {
        // What goes to the global registry, as under the attribute: within a scope that is the test's own.
        let registry = Registry::new();
        let _scope = registry.enter_scope();
        let metrics = QuoteMetrics::register(&registry).unwrap();
        let before = registry.snapshot();
        parse("Socrates: Know thyself.", &metrics);

        let happened = registry.snapshot().delta(&before);
        let labels = [
            ("function", "parse"),
            ("module", module_path!().trim_end_matches("::tests")),
            ("outcome", "ok"),
        ];
        assert_eq!(happened.expect_histogram("function_duration_seconds", &labels).count(), 1);
    }

    #[test]
    fn names_and_help_texts_keep_the_rules_of_prometheus() {
        let registry = Registry::new();
        QuoteMetrics::register(&registry).unwrap();
        registry.catalogue().lint().assert_clean();
    }
}

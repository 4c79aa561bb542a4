//! Names that not every parser reads.

use instrument_core::{Labels, Registry};
use instrument_http::EscapingScheme::{self, AllowUtf8, Dots, Underscores, Values};
use instrument_http::{OpenMetricsEncoder, ProtobufEncoder, TextEncoder};
use prost::Message as _;

use crate::messages::{LabelPair, MetricFamily};

#[derive(Labels)]
#[labels(utf8_names)]
struct Request<'a> {
    #[labels(rename = "http.method")]
    method: &'a str,
    /// Plain in the name of a metric, and not in that of a label.
    #[labels(rename = "a:b")]
    colon: bool,
}

fn registry() -> Registry {
    let registry = Registry::builder().utf8_names().build().unwrap();
    let requests = registry.counter("http.requests", "").labels::<Request<'_>>().register().unwrap();
    requests.inc(&Request { method: "GET", colon: true });
    registry
}

/// By scheme the names of the metric and of the labels.
const SCHEMES: [(EscapingScheme, &str, [&str; 2]); 4] = [
    (Underscores, "http_requests_total", ["http_method", "a_b"]),
    (Dots, "http_dot_requests__total", ["http_dot_method", "a__b"]),
    (Values, "U__http_2e_requests__total", ["U__http_2e_method", "U__a_3a_b"]),
    (AllowUtf8, "http.requests_total", ["http.method", "a:b"]),
];

/// What a series keeps of its labels is of the first who asks, so each scheme is the first in turn.
fn in_every_order(check: impl Fn(&Registry, EscapingScheme, &str, [&str; 2])) {
    for first in 0..SCHEMES.len() {
        let registry = registry();
        for (scheme, name, labels) in SCHEMES.iter().cycle().skip(first).take(SCHEMES.len()) {
            check(&registry, *scheme, name, *labels);
        }
    }
}

#[test]
fn each_reader_of_text_gets_names_as_it_asks_for_them() {
    in_every_order(|registry, scheme, name, [method, colon]| {
        let sample = match scheme {
            AllowUtf8 => format!("{{\"{name}\",\"{method}\"=\"GET\",\"{colon}\"=\"true\"}} 1"),
            _ => format!("{name}{{{method}=\"GET\",{colon}=\"true\"}} 1"),
        };
        let text = TextEncoder::new().escaping(scheme).encode(registry);
        assert_eq!(text.lines().last(), Some(&*sample));
        let text = OpenMetricsEncoder::new().escaping(scheme).encode(registry);
        assert!(text.lines().any(|line| line == sample), "{text}");
    });
}

#[test]
fn each_reader_of_protobuf_gets_names_as_it_asks_for_them() {
    in_every_order(|registry, scheme, name, labels| {
        let page = ProtobufEncoder::new().escaping(scheme).encode(registry);
        let family = MetricFamily::decode_length_delimited(&*page).unwrap();
        assert_eq!(family.name(), name);
        assert!(family.metric[0].label.iter().map(LabelPair::name).eq(labels));
    });
}

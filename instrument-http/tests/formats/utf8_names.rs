//! Names that not every parser reads.

use instrument_core::{Labels, Registry};
use instrument_http::EscapingScheme::{self, AllowUtf8, Dots, Underscores, Values};
use instrument_http::{ProtobufEncoder, TextEncoder};
use prost::Message as _;

use crate::messages::MetricFamily;

#[derive(Labels)]
#[labels(utf8_names)]
struct Request<'a> {
    #[labels(rename = "http.method")]
    method: &'a str,
}

fn registry() -> Registry {
    let registry = Registry::builder().utf8_names().build().unwrap();
    let requests = registry.counter("http.requests", "").labels::<Request<'_>>().register().unwrap();
    requests.inc(&Request { method: "GET" });
    registry
}

const SCHEMES: [(EscapingScheme, &str, &str); 4] = [
    (Underscores, "http_requests_total", "http_method"),
    (Dots, "http_dot_requests__total", "http_dot_method"),
    (Values, "U__http_2e_requests__total", "U__http_2e_method"),
    (AllowUtf8, "http.requests_total", "http.method"),
];

/// What a series keeps of its labels is of the first who asks, so each scheme is the first in turn.
fn in_every_order(check: impl Fn(&Registry, EscapingScheme, &str, &str)) {
    for first in 0..SCHEMES.len() {
        let registry = registry();
        for (scheme, name, label) in SCHEMES.iter().cycle().skip(first).take(SCHEMES.len()) {
            check(&registry, *scheme, name, label);
        }
    }
}

#[test]
fn each_reader_of_text_gets_names_as_it_asks_for_them() {
    in_every_order(|registry, scheme, name, label| {
        let sample = match scheme {
            AllowUtf8 => format!("{{\"{name}\",\"{label}\"=\"GET\"}} 1"),
            _ => format!("{name}{{{label}=\"GET\"}} 1"),
        };
        let text = TextEncoder::new().escaping(scheme).encode(registry);
        assert_eq!(text.lines().last(), Some(&*sample));
    });
}

#[test]
fn each_reader_of_protobuf_gets_names_as_it_asks_for_them() {
    in_every_order(|registry, scheme, name, label| {
        let page = ProtobufEncoder::new().escaping(scheme).encode(registry);
        let family = MetricFamily::decode_length_delimited(&*page).unwrap();
        assert_eq!(family.name(), name);
        assert_eq!(family.metric[0].label[0].name(), label);
    });
}

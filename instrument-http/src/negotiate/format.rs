use std::cmp::Reverse;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};
use instrument_core::Registry;

use super::element::Element;
#[cfg(feature = "protobuf")]
use crate::ProtobufEncoder;
use crate::format::AnyPage;
use crate::{EscapingScheme, OpenMetricsEncoder, TextEncoder};

/// What a page can be written in. In the order of what is better where a client does not care: the oldest comes first, which all read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// The text format 0.0.4.
    Text,
    /// The same with names between quotes: 1.0.0.
    QuotedText,
    OpenMetrics,
    #[cfg(feature = "protobuf")]
    Protobuf,
}

/// A format, and how names are escaped in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageFormat {
    pub(crate) format: Format,
    /// Nothing if the client asked for none.
    pub(crate) scheme: Option<EscapingScheme>,
    /// Whether OpenMetrics tells when counts began.
    pub(crate) created: bool,
}

impl PageFormat {
    /// The format that is wanted most, then the one that is named most exactly, then first. Who wants none of them gets text 0.0.4, too: an error would say
    /// less.
    pub(super) fn by(headers: &HeaderMap) -> Self {
        let accepted: Vec<_> = Element::all(headers, &ACCEPT).collect();
        let wanted = Format::ALL.iter().zip(0_usize..).filter_map(|(&format, order)| {
            let matching = accepted.iter().zip(0_usize..).filter_map(|(range, place)| {
                let exactness = format.matched(range)?;
                Some(((exactness, Reverse(place)), range))
            });
            // What a range that is more exact says of the format holds, a refusal too.
            let (exactness, range) = matching.max_by_key(|(exactness, _)| *exactness)?;
            let fit = (range.quality, exactness, Reverse(order));
            (range.quality > 0).then_some((fit, format, range))
        });
        let best = wanted.max_by_key(|(fit, ..)| *fit);
        best.map_or(Self { format: Format::Text, scheme: None, created: false }, |(_, format, range)| {
            let scheme = range.parameter("escaping").and_then(|name| EscapingScheme::named(&name));
            Self { format, scheme, created: false }
        })
    }

    pub(crate) fn content_type(self) -> HeaderValue {
        let content_type = self.format.content_type();
        let Some(scheme) = self.scheme else { return HeaderValue::from_static(content_type) };
        let with_scheme = format!("{content_type}; escaping={}", scheme.name());
        HeaderValue::try_from(with_scheme).unwrap_or(HeaderValue::from_static(content_type))
    }

    /// A registry's page in this format.
    pub(crate) fn page(self, registry: &Registry) -> Box<dyn AnyPage> {
        let scheme = self.scheme.unwrap_or_default();
        match self.format {
            Format::Text | Format::QuotedText => Box::new(TextEncoder::new().escaping(scheme).page(registry)),
            Format::OpenMetrics => {
                Box::new(OpenMetricsEncoder::new().escaping(scheme).created(self.created).page(registry))
            }
            #[cfg(feature = "protobuf")]
            Format::Protobuf => Box::new(ProtobufEncoder::new().escaping(scheme).page(registry)),
        }
    }
}

impl Format {
    const ALL: &[Self] = &[
        Self::Text,
        Self::QuotedText,
        Self::OpenMetrics,
        #[cfg(feature = "protobuf")]
        Self::Protobuf,
    ];

    fn content_type(self) -> &'static str {
        match self {
            Self::Text => TextEncoder::CONTENT_TYPE,
            Self::QuotedText => "text/plain; version=1.0.0; charset=utf-8",
            Self::OpenMetrics => OpenMetricsEncoder::CONTENT_TYPE,
            #[cfg(feature = "protobuf")]
            Self::Protobuf => ProtobufEncoder::CONTENT_TYPE,
        }
    }

    /// How much of the format a range of media types names; nothing if it is another.
    fn matched(self, range: &Element<'_>) -> Option<usize> {
        let (kind, subtype) = range.value.split_once('/')?;
        let (own, parameters) = self.content_type().split_once(';')?;
        let (own_kind, own_subtype) = own.split_once('/')?;
        let named = match (kind, subtype) {
            ("*", "*") => return Some(0),
            _ if !kind.eq_ignore_ascii_case(own_kind) => return None,
            (_, "*") => return Some(1),
            _ if !subtype.eq_ignore_ascii_case(own_subtype) => return None,
            _ => 2,
        };
        // What it has beside these tells no formats apart.
        let parameters = parameters.split(';').filter_map(|parameter| parameter.trim().split_once('='));
        parameters.filter(|(name, _)| *name != "charset").try_fold(named, |named, (name, own)| {
            match range.parameter(name) {
                None => Some(named),
                Some(value) => value.eq_ignore_ascii_case(own).then_some(named + 1),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content type of what a header brings.
    fn answer(accepted: &'static str) -> String {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accepted))]);
        PageFormat::by(&headers).content_type().to_str().unwrap().to_owned()
    }

    const TEXT: &str = TextEncoder::CONTENT_TYPE;
    const OPEN_METRICS: &str = OpenMetricsEncoder::CONTENT_TYPE;

    #[test]
    fn what_nobody_asked_for_is_text() {
        assert_eq!(PageFormat::by(&HeaderMap::new()).content_type(), TEXT);
        for accepted in [
            "",
            "*/*",
            "text/*",
            "text/plain",
            "application/json",
            "nonsense",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;q=0",
            "*/*;q=0",
        ] {
            assert_eq!(answer(accepted), TEXT, "{accepted}");
        }
    }

    /// The headers are what these versions send.
    #[test]
    fn each_prometheus_gets_what_it_likes_best() {
        let prometheus_2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                            text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(answer(prometheus_2), OPEN_METRICS);
        let prometheus_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                            application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
                            text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        assert_eq!(answer(prometheus_3), format!("{OPEN_METRICS}; escaping=allow-utf-8"));
    }

    #[cfg(feature = "protobuf")]
    #[test]
    fn a_prometheus_that_takes_native_histograms_gets_protobuf() {
        let protobuf =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
        for accepted in [
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
             application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,\
             application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            "application/vnd.google.protobuf",
        ] {
            assert_eq!(answer(accepted), protobuf);
        }
        let as_text = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text";
        assert_eq!(answer(as_text), TEXT);
    }

    #[test]
    fn the_greatest_quality_wins_then_the_more_specific_then_the_first() {
        let openmetrics_first = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4";
        assert_eq!(answer(openmetrics_first), OPEN_METRICS);
        assert_eq!(answer("text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0"), TEXT);
        assert_eq!(answer("text/plain;q=0.2,application/openmetrics-text;q=0.3"), OPEN_METRICS);
        assert_eq!(answer("*/*,application/openmetrics-text"), OPEN_METRICS);
        assert_eq!(answer("application/*"), OPEN_METRICS);
        // A range that names less does not bring back what one that names more refuses.
        assert_eq!(answer("text/*;q=0,*/*"), OPEN_METRICS);
    }

    #[test]
    fn escaping_is_said_when_it_was_asked_for_and_is_known() {
        assert_eq!(
            answer("text/plain;version=1.0.0;escaping=dots"),
            "text/plain; version=1.0.0; charset=utf-8; escaping=dots"
        );
        assert_eq!(answer("text/plain;version=0.0.4;escaping=values"), format!("{TEXT}; escaping=values"));
        assert_eq!(answer("TEXT/PLAIN;Version=\"1.0.0\""), "text/plain; version=1.0.0; charset=utf-8");
        assert_eq!(answer("application/openmetrics-text;escaping=rot13"), OPEN_METRICS);
    }
}

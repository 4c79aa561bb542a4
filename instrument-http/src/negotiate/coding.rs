use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};

use super::element::Element;

/// How an answer is compressed. In the order of what is better where a client takes both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ContentCoding {
    Identity,
    #[cfg(feature = "gzip")]
    Gzip,
    #[cfg(feature = "zstd")]
    Zstd,
}

impl ContentCoding {
    /// How many there are at most.
    #[cfg(feature = "page")]
    pub(crate) const NUMBER: usize = 3;

    /// The coding that is named and wanted most. What a client takes without having named it, it may not know: so `*` brings nothing.
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        let named = Element::all(headers, &ACCEPT_ENCODING)
            .filter(|element| element.quality > 0)
            .filter_map(|element| Some((element.quality, Self::named(element.value)?)));
        named.max().map_or(Self::Identity, |(_, coding)| coding)
    }

    fn named(name: &str) -> Option<Self> {
        match &*name.to_ascii_lowercase() {
            "identity" => Some(Self::Identity),
            #[cfg(feature = "gzip")]
            "gzip" | "x-gzip" => Some(Self::Gzip),
            #[cfg(feature = "zstd")]
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What a header says of it; nothing of what is not compressed.
    pub(crate) fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            #[cfg(feature = "gzip")]
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            #[cfg(feature = "zstd")]
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(accepted: &'static str) -> ContentCoding {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        ContentCoding::by(&headers)
    }

    #[test]
    fn nothing_is_compressed_unless_it_is_asked_for() {
        assert_eq!(ContentCoding::by(&HeaderMap::new()), ContentCoding::Identity);
        for accepted in
            ["", "identity", "*", "br, deflate", "gzip;q=0", "gzip;q=0, *", "zstd;q=0.0, identity;q=0"]
        {
            assert_eq!(coding(accepted), ContentCoding::Identity, "{accepted}");
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_is_what_prometheus_asks_for() {
        for accepted in
            ["gzip", "GZip", "x-gzip", "gzip;q=0.1", "br, gzip;q=0.5, *;q=0", "identity;q=0.5, gzip"]
        {
            assert_eq!(coding(accepted), ContentCoding::Gzip, "{accepted}");
        }
        assert_eq!(coding("gzip;q=0.5, identity"), ContentCoding::Identity);
    }

    #[cfg(all(feature = "gzip", feature = "zstd"))]
    #[test]
    fn zstd_is_taken_where_both_are_welcome() {
        assert_eq!(coding("gzip, zstd"), ContentCoding::Zstd);
        assert_eq!(coding("zstd, gzip"), ContentCoding::Zstd);
        assert_eq!(coding("zstd;q=0.5, gzip"), ContentCoding::Gzip);
        assert_eq!(coding("zstd;q=0, gzip;q=0.1"), ContentCoding::Gzip);
    }
}

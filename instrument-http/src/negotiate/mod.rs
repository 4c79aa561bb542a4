//! What an answer is written in, by what the request accepts.
//!
//! Source: RFC 9110, section 12.5, and `config/config.go` of Prometheus for what scrapers send.

mod coding;
mod element;
mod format;

pub(crate) use self::coding::ContentCoding;
pub(crate) use self::format::PageFormat;

use http::HeaderMap;

/// How a page is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) format: PageFormat,
    pub(crate) coding: ContentCoding,
}

impl Wanted {
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        Self { format: PageFormat::by(headers), coding: ContentCoding::by(headers) }
    }
}

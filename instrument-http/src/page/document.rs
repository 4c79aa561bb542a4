use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::negotiate::ContentCoding;
use crate::scrape::compressed;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// In an order in which none is needed before it is there.
const SCRIPTS: [&str; 17] = [
    include_str!("exposition.js"),
    include_str!("history.js"),
    include_str!("quantile.js"),
    include_str!("red.js"),
    include_str!("use.js"),
    include_str!("units.js"),
    include_str!("element.js"),
    include_str!("sparkline.js"),
    include_str!("table.js"),
    include_str!("columns.js"),
    include_str!("search.js"),
    include_str!("overview.js"),
    include_str!("sections.js"),
    include_str!("notice.js"),
    include_str!("controls.js"),
    include_str!("poll.js"),
    include_str!("main.js"),
];

/// The page in one piece, with the headers that depend on it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) html: Bytes,
    /// Lets the browser run this script, apply this style and ask this server; nothing else, whatever a label says.
    pub(super) policy: HeaderValue,
    /// Weak, as it is the same in each compression. RFC 9110, section 8.8.3.
    pub(super) tag: HeaderValue,
    /// The page in each coding, once it was asked for in that.
    coded: [OnceLock<Option<Bytes>>; ContentCoding::NUMBER],
}

impl Document {
    /// The page for metrics at an address, as seen from the page.
    pub(super) fn new(metrics: &str) -> Self {
        let style = condensed(STYLE);
        let script: String = SCRIPTS.into_iter().map(condensed).collect();
        let html = PAGE.replace("{metrics}", &escaped(metrics));
        let html = html.replace("{style}", &style).replace("{script}", &script);
        Self {
            policy: policy(&style, &script),
            tag: header(format!("W/\"{}\"", digest(&html))),
            html: html.into(),
            coded: Default::default(),
        }
    }

    /// The page in a coding, compressed at the first call. Nothing if that cannot be.
    pub(super) fn coded(&self, coding: ContentCoding) -> Option<Bytes> {
        let coded = self.coded.get(coding as usize)?;
        coded.get_or_init(|| compressed(coding, &self.html).ok()).clone()
    }
}

/// Content Security Policy Level 3, and Trusted Types.
fn policy(style: &str, script: &str) -> HeaderValue {
    header(format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        digest(script),
        digest(style)
    ))
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// What is given is visible ASCII, which a header takes.
fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Without indentation and without the lines that are comments as a whole, which are for who reads the source.
fn condensed(source: &str) -> String {
    let mut condensed = String::with_capacity(source.len());
    let mut is_comment = false;
    for line in source.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            condensed.push_str(line);
            condensed.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    condensed
}

/// As the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_small_and_asks_for_nothing_else() {
        let html = String::from_utf8(Document::new("metrics").html.to_vec()).unwrap();
        assert!(html.len() < 60 * 1024, "{} bytes", html.len());
        for outside in ["src=", "@import", "url(", "import(", "<link rel=\"stylesheet"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert_eq!(html.matches("://").count(), html.matches("http://www.w3.org/2000/svg").count());
    }

    #[test]
    fn the_policy_names_what_stands_between_the_tags() {
        let document = Document::new("metrics");
        let html = std::str::from_utf8(&document.html).unwrap();
        let policy = document.policy.to_str().unwrap();
        for (start, end) in [("<style>", "</style>"), ("<script type=\"module\">", "</script>")] {
            let (_, rest) = html.split_once(start).unwrap();
            let (text, rest) = rest.split_once(end).unwrap();
            assert!(policy.contains(&format!("'sha256-{}'", digest(text))), "{start}");
            assert!(!rest.contains(start), "{start}");
        }
    }

    #[test]
    fn an_address_stays_within_its_quotes() {
        let document = Document::new("a\"b<c>&d");
        let html = std::str::from_utf8(&document.html).unwrap();
        assert!(html.contains("data-metrics=\"a&quot;b&lt;c>&amp;d\""));
    }

    #[test]
    fn another_address_is_another_version() {
        assert_eq!(Document::new("metrics").tag, Document::new("metrics").tag);
        assert_ne!(Document::new("metrics").tag, Document::new("m").tag);
    }

    #[test]
    fn only_comments_and_indentation_are_left_out() {
        let script = "// why\n/**\n * what\n */\nfunction f() {\n    return 1 * 2; // kept\n}\n\n/* one */\n/** one */\nf();\n";
        assert_eq!(condensed(script), "function f() {\nreturn 1 * 2; // kept\n}\nf();\n");
        assert_eq!(condensed("* { margin: 0; }\n"), "* { margin: 0; }\n");
    }
}

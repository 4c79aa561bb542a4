//! `#[derive(LabelValue)]`: the texts of an enum, and that positions agree with them.
#![cfg(feature = "macros")]

use instrument_core::LabelValue;

fn text(value: &impl LabelValue) -> String {
    value.with_text(str::to_owned)
}

/// Checks the texts of all values, given in the order of the variants.
fn assert_texts<T: LabelValue, const N: usize>(values: [(T, &str); N]) {
    assert_eq!(T::CARDINALITY, Some(N));
    for (position, (value, expected)) in values.iter().enumerate() {
        assert_eq!(text(value), *expected);
        assert_eq!(value.index(), position);
        assert_eq!(T::text_at(position), *expected);
    }
    assert_eq!(T::text_at(N), "");
}

#[test]
fn the_text_is_the_name_in_snake_case() {
    #[derive(LabelValue)]
    enum Source {
        Cache,
        UpstreamServer,
        HTTPProxy,
        r#Type,
    }

    assert_texts([
        (Source::Cache, "cache"),
        (Source::UpstreamServer, "upstream_server"),
        (Source::HTTPProxy, "http_proxy"),
        (Source::r#Type, "type"),
    ]);
}

#[test]
fn the_case_can_be_set_and_a_variant_renamed() {
    #[derive(LabelValue)]
    #[label_value(rename_all = "SCREAMING-KEBAB-CASE")]
    enum Source {
        Cache,
        UpstreamServer,
        #[label_value(rename = "")]
        Unknown,
    }

    assert_texts([
        (Source::Cache, "CACHE"),
        (Source::UpstreamServer, "UPSTREAM-SERVER"),
        (Source::Unknown, ""),
    ]);
}

#[test]
fn the_position_is_that_of_the_variant_whatever_its_discriminant() {
    #[derive(LabelValue)]
    #[repr(u16)]
    enum Status {
        Unavailable = 503,
        Found = 200,
    }

    assert_texts([(Status::Unavailable, "unavailable"), (Status::Found, "found")]);
}

#[test]
fn a_deprecated_variant_makes_no_warning() {
    #![deny(deprecated)]

    #[derive(LabelValue)]
    enum Source {
        Cache,
        #[deprecated]
        #[expect(dead_code, reason = "to construct it would be a warning of its own")]
        Tape,
    }

    assert_eq!(Source::text_at(Source::Cache.index() + 1), "tape");
}

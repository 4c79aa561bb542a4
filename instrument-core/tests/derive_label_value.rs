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

#[test]
fn fields_can_be_ignored_by_one_variant_or_by_all() {
    #[derive(LabelValue)]
    enum Language {
        French,
        #[label_value(ignore_fields, rename = "another")]
        Other(#[expect(dead_code, reason = "ignored")] String),
    }

    #[derive(LabelValue)]
    #[label_value(ignore_fields)]
    #[expect(dead_code, reason = "fields are ignored")]
    enum Failure<'a, T, const N: usize> {
        Timeout { after: u64, limits: [u64; N] },
        Refused(&'a str, T),
        Unknown,
    }

    struct NoLabel;

    assert_texts([(Language::French, "french"), (Language::Other("Welsh".to_owned()), "another")]);
    assert_texts([
        (Failure::Timeout { after: 3, limits: [1, 2] }, "timeout"),
        (Failure::Refused("busy", NoLabel), "refused"),
        (Failure::Unknown, "unknown"),
    ]);
}

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::digest::Digest;

/// The credentials of a request.
#[derive(Debug)]
pub(super) enum Given {
    /// RFC 6750, section 2.1.
    Token(Digest),
    /// RFC 7617, section 2.
    Password { user: Digest, password: Digest },
}

impl Given {
    /// None when there are none, more than one, or none of a known kind.
    pub(super) fn by(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (value, None) = (values.next()?, values.next()) else { return None };
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        let credentials = credentials.trim_matches(' ');
        if scheme.eq_ignore_ascii_case("Bearer") {
            return Some(Self::Token(Digest::of(credentials.as_bytes())));
        }
        if !scheme.eq_ignore_ascii_case("Basic") {
            return None;
        }
        let pair = STANDARD.decode(credentials).ok()?;
        let colon = pair.iter().position(|byte| *byte == b':')?;
        Some(Self::Password { user: Digest::of(&pair[..colon]), password: Digest::of(&pair[colon + 1..]) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(values: &[&str]) -> Option<Given> {
        let values = values.iter().map(|value| (AUTHORIZATION, value.parse().unwrap()));
        Given::by(&values.collect())
    }

    #[test]
    fn schemes_are_read_in_any_case() {
        for token in ["Bearer x", "bearer x", "BEARER   x"] {
            assert!(matches!(given(&[token]), Some(Given::Token(_))), "{token}");
        }
        for pair in ["Basic YTpi", "basic YTpi", "Basic YTo=", "Basic OmI="] {
            assert!(matches!(given(&[pair]), Some(Given::Password { .. })), "{pair}");
        }
    }

    #[test]
    fn what_is_malformed_is_nothing() {
        for bad in
            ["", "Bearer", "x", "Digest x", "Basic", "Basic YTpi!", "Basic YTpi=", "Basic YWI=", "Basic é"]
        {
            assert!(given(&[bad]).is_none(), "{bad}");
        }
        assert!(given(&[]).is_none());
    }

    #[test]
    fn one_that_comes_twice_is_nothing() {
        assert!(given(&["Bearer x", "Bearer x"]).is_none());
    }
}

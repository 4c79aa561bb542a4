use http::{HeaderMap, HeaderValue};
use subtle::{Choice, ConstantTimeEq};

use super::Mistake;
use super::digest::Digest;
use super::given::Given;
use crate::credential_rules::{check_password, check_token, check_user};

/// The credentials of which a request needs one. None are needed if there are none.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct Credentials {
    tokens: Vec<Digest>,
    passwords: Vec<(Digest, Digest)>,
}

impl Credentials {
    pub(in crate::server) fn add_token(&mut self, token: &str) -> Result<(), Mistake> {
        check_token(token).map_err(Mistake::Credentials)?;
        self.tokens.push(Digest::of(token.as_bytes()));
        Ok(())
    }

    pub(in crate::server) fn add_token_digest(&mut self, digits: &str) -> Result<(), Mistake> {
        self.tokens.push(digest(digits)?);
        Ok(())
    }

    pub(in crate::server) fn add_password(&mut self, user: &str, password: &str) -> Result<(), Mistake> {
        check_password(password).map_err(Mistake::Credentials)?;
        self.passwords.push((user_digest(user)?, Digest::of(password.as_bytes())));
        Ok(())
    }

    pub(in crate::server) fn add_password_digest(&mut self, user: &str, digits: &str) -> Result<(), Mistake> {
        self.passwords.push((user_digest(user)?, digest(digits)?));
        Ok(())
    }

    pub(in crate::server) fn are_needed(&self) -> bool {
        !self.tokens.is_empty() || !self.passwords.is_empty()
    }

    /// Whether a request has one of them, or needs none.
    pub(in crate::server) fn accept(&self, headers: &HeaderMap) -> bool {
        !self.are_needed() || Given::by(headers).is_some_and(|given| self.match_any(&given).into())
    }

    /// Compares with all of them, to the end: the time tells neither which nor how much of it is right.
    fn match_any(&self, given: &Given) -> Choice {
        let none = Choice::from(0);
        match given {
            Given::Token(token) => self.tokens.iter().fold(none, |any, own| any | own.ct_eq(token)),
            Given::Password { user, password } => self
                .passwords
                .iter()
                .fold(none, |any, (own, its)| any | (own.ct_eq(user) & its.ct_eq(password))),
        }
    }

    /// What a request without one of them is told to bring, for `WWW-Authenticate`.
    pub(in crate::server) fn challenges(&self) -> impl Iterator<Item = HeaderValue> {
        let bearer = HeaderValue::from_static("Bearer realm=\"metrics\"");
        let basic = HeaderValue::from_static("Basic realm=\"metrics\", charset=\"UTF-8\"");
        let bearer = (!self.tokens.is_empty()).then_some(bearer);
        bearer.into_iter().chain((!self.passwords.is_empty()).then_some(basic))
    }
}

fn user_digest(user: &str) -> Result<Digest, Mistake> {
    check_user(user).map_err(Mistake::Credentials)?;
    Ok(Digest::of(user.as_bytes()))
}

fn digest(digits: &str) -> Result<Digest, Mistake> {
    Digest::from_hex(digits).ok_or(Mistake::Credentials(
        "a SHA-256 is 64 hexadecimal digits, as `printf %s SECRET | sha256sum` prints",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::digest::work;
    use super::*;

    #[test]
    fn no_secret_is_printed() {
        let mut credentials = Credentials::default();
        credentials.add_token("top-secret").unwrap();
        credentials.add_password("ada", "top-secret").unwrap();
        let printed = format!("{credentials:?}");
        assert!(
            !printed.contains("secret") && !printed.contains(|char: char| char.is_ascii_digit()),
            "{printed}"
        );
    }

    #[test]
    fn wrong_secrets_make_the_work_of_right_ones() {
        let mut credentials = Credentials::default();
        for secret in ["first", "second", "third"] {
            credentials.add_token(secret).unwrap();
            credentials.add_password(secret, secret).unwrap();
        }
        let work = |authorization: String| {
            let headers =
                HeaderMap::from_iter([(http::header::AUTHORIZATION, authorization.parse().unwrap())]);
            work::take();
            (credentials.accept(&headers), work::take())
        };
        let wrong = (0..2000).map(|number| format!("firs{number}"));
        for token in ["first", "second", "third"].map(str::to_owned).into_iter().chain(wrong) {
            let is_right = !token.starts_with("firs") || token == "first";
            assert_eq!(work(format!("Bearer {token}")), (is_right, (1, 3)));
        }
        // first:first, third:third, first:second, nobody:first, first:
        for (pair, is_right) in [
            ("Zmlyc3Q6Zmlyc3Q=", true),
            ("dGhpcmQ6dGhpcmQ=", true),
            ("Zmlyc3Q6c2Vjb25k", false),
            ("bm9ib2R5OmZpcnN0", false),
            ("Zmlyc3Q6", false),
        ] {
            assert_eq!(work(format!("Basic {pair}")), (is_right, (2, 6)), "{pair}");
        }
    }

    #[test]
    fn secrets_that_cannot_be_sent_are_refused() {
        for bad in ["", "two words", "line\n", "é"] {
            assert!(Credentials::default().add_token(bad).is_err(), "{bad:?}");
        }
        for (user, password) in [("ada", ""), ("a:da", "x"), ("a\nda", "x"), ("ada", "x\n")] {
            assert!(Credentials::default().add_password(user, password).is_err(), "{user:?} {password:?}");
        }
        for bad in ["", "top-secret"] {
            assert!(Credentials::default().add_token_digest(bad).is_err(), "{bad:?}");
            assert!(Credentials::default().add_password_digest("ada", bad).is_err(), "{bad:?}");
        }
    }
}

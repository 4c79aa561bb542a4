//! What a secret must be for a header to carry it, for who asks for one and for who shows one. What breaks a rule is never shown: it may be a secret.

/// RFC 6750 allows less, and scrapers send what they are given.
pub(crate) fn check_token(token: &str) -> Result<(), &'static str> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "a bearer token is not empty and has neither spaces nor line ends, only visible ASCII characters",
        );
    }
    Ok(())
}

/// RFC 7617, section 2.
pub(crate) fn check_user(user: &str) -> Result<(), &'static str> {
    if user.contains(|char: char| char == ':' || char.is_control()) {
        return Err("a user's name has neither a colon nor control characters");
    }
    Ok(())
}

pub(crate) fn check_password(password: &str) -> Result<(), &'static str> {
    if password.is_empty() || password.contains(char::is_control) {
        return Err("a password is not empty and has no control characters");
    }
    Ok(())
}

//! Who may read the metrics: from which network, and with which credentials.

mod credentials;
mod digest;
mod given;
mod networks;

pub(super) use self::credentials::Credentials;
pub(super) use self::networks::Networks;

/// What is wrong with what was set, for who binds.
#[derive(Debug, Clone)]
pub(super) enum Mistake {
    Network(String),
    /// With what they must be. What was given is not kept: it may be a secret.
    Credentials(&'static str),
}

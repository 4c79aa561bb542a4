//! From `host:port` to an address.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};

use crate::Error;

/// The address that is sent to: the first IPv4 one of the host, or the first of all. Waits for a name server if the host is a name.
pub(super) fn resolve(address: &str) -> Result<SocketAddr, Error> {
    let unusable = |rule| Error::Unusable { address: address.to_owned(), rule };
    let found: Vec<SocketAddr> = address
        .to_socket_addrs()
        .map_err(|source| Error::Resolve { address: address.to_owned(), source })?
        .collect();
    let target = found.iter().find(|target| target.is_ipv4()).or(found.first());
    match target {
        None => Err(unusable("its host has no address: give another host")),
        Some(target) if target.port() == 0 => {
            Err(unusable("nobody listens on port 0: give the server's port, 8125 as a rule"))
        }
        Some(target) => Ok(*target),
    }
}

/// Whether the host is written as a number, which always means the same.
pub(super) fn is_number(address: &str) -> bool {
    address.parse::<SocketAddr>().is_ok()
}

/// Whether the host is this machine, as far as can be seen without asking a name server.
pub(super) fn is_loopback(address: &str) -> bool {
    match address.parse::<SocketAddr>().map(|address| address.ip()) {
        Ok(IpAddr::V4(ip)) => ip.is_loopback(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback(),
        Err(_) => address.rsplit_once(':').is_some_and(|(host, _)| host == "localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_taken_first() {
        assert!(resolve("localhost:8125").unwrap().is_ipv4());
        assert!(resolve("[::1]:8125").unwrap().is_ipv6());
    }

    #[test]
    fn an_address_that_cannot_be_used_is_named() {
        for bad in [
            "",
            "localhost",
            "localhost:",
            "localhost:statsd",
            "localhost:99999",
            "127.0.0.1:0",
            "http://a:1",
        ] {
            let error = resolve(bad).unwrap_err();
            assert!(error.to_string().contains(&format!("`{bad}`")), "{error}");
        }
    }
}

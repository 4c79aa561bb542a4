//! What client and exporter have in common: where lines go, and what they look like.

use std::time::Duration;

use crate::Error;
use crate::delta::Naming;
use crate::line::Flavor;
use crate::packet::PACKET_BYTES;
use crate::transport::{Link, Transport};

/// How long `flush`, `shutdown` and drop wait unless it is set otherwise.
const DEFAULT_FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// How long it is from one push to the next unless it is set otherwise: as long as Etsy's daemon has by default.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(10);

/// The options that both builders have.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    pub(crate) transport: Transport,
    pub(crate) flavor: Flavor,
    pub(crate) prefix: String,
    /// Of every line.
    pub(crate) tags: Vec<(String, String)>,
    /// That of the transport, if nothing is set.
    packet_bytes: Option<usize>,
    pub(crate) flush_timeout: Duration,
}

impl Destination {
    pub(crate) fn new(transport: Transport) -> Self {
        Self {
            transport,
            flavor: Flavor::default(),
            prefix: String::new(),
            tags: Vec::new(),
            packet_bytes: None,
            flush_timeout: DEFAULT_FLUSH_TIMEOUT,
        }
    }

    /// Checks the options and opens the way to the server.
    pub(crate) fn open(&self) -> Result<Box<dyn Link>, Error> {
        match self.packet_bytes {
            Some(bytes) if !PACKET_BYTES.contains(&bytes) => Err(Error::PacketBytes { bytes }),
            _ => self.transport.open(self.flavor),
        }
    }

    /// The greatest length of a packet.
    pub(crate) fn packet_bytes(&self) -> usize {
        self.packet_bytes.unwrap_or_else(|| self.transport.packet_bytes(self.flavor))
    }

    pub(crate) fn set_packet_bytes(&mut self, bytes: usize) {
        self.packet_bytes = Some(bytes);
    }

    /// What all names have in common: the prefix as the server will keep it, and a dot; the tags as the dialect writes them.
    pub(crate) fn naming(&self) -> Result<Naming, Error> {
        let (mut prefix, mut tags) = (Vec::new(), Vec::new());
        if !self.flavor.write_prefix(&mut prefix, &self.prefix) && !self.prefix.is_empty() {
            return Err(Error::Prefix { prefix: self.prefix.clone() });
        }
        for (key, value) in &self.tags {
            if key.is_empty() {
                return Err(Error::Tag { value: value.clone() });
            }
            self.flavor.write_tag(&mut tags, key, value);
        }
        Ok(Naming { of_handles: false, flavor: self.flavor, prefix, tags })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(prefix: &str) -> Result<Vec<u8>, Error> {
        let destination = Destination::new("127.0.0.1:8125".into());
        Destination { prefix: prefix.to_owned(), ..destination }.naming().map(|naming| naming.prefix)
    }

    #[test]
    fn a_prefix_ends_in_one_dot() {
        assert_eq!(prefix("").unwrap(), b"");
        for given in ["my.app", "my.app.", ".my..app"] {
            assert_eq!(prefix(given).unwrap(), b"my.app.");
        }
        assert!(matches!(prefix("..").unwrap_err(), Error::Prefix { prefix } if prefix == ".."));
    }

    #[test]
    fn a_tag_without_a_key_is_an_error() {
        let tags = vec![("env".to_owned(), "prod".to_owned()), (String::new(), "eu".to_owned())];
        let error = Destination { tags, ..Destination::new("127.0.0.1:8125".into()) }.naming().unwrap_err();
        assert!(error.to_string().contains("`eu`"), "{error}");
    }

    #[test]
    fn packets_of_an_impossible_length_are_an_error() {
        for bytes in [0, 63, 65_508] {
            let mut destination = Destination::new("127.0.0.1:8125".into());
            destination.set_packet_bytes(bytes);
            let Err(error) = destination.open() else { panic!("{bytes}") };
            assert!(error.to_string().contains(&bytes.to_string()), "{error}");
        }
    }
}

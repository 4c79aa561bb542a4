use std::net::IpAddr;

use ipnet::IpNet;

use super::Mistake;

/// The networks that may connect: all, as long as none is named.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct Networks(Vec<IpNet>);

impl Networks {
    /// Adds a network, or an address alone.
    pub(in crate::server) fn add(&mut self, network: &str) -> Result<(), Mistake> {
        let network = network
            .parse()
            .or_else(|_| network.parse().map(|address: IpAddr| address.into()))
            .map_err(|_| Mistake::Network(network.to_owned()))?;
        self.0.push(network);
        Ok(())
    }

    pub(in crate::server) fn contain(&self, peer: IpAddr) -> bool {
        // A socket for both kinds of addresses shows those of version 4 as `::ffff:192.0.2.1`.
        let peers = [peer, peer.to_canonical()];
        self.0.is_empty() || self.0.iter().any(|network| peers.iter().any(|peer| network.contains(peer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(all: &[&str]) -> Networks {
        let mut networks = Networks::default();
        all.iter().for_each(|network| networks.add(network).unwrap());
        networks
    }

    fn contain(all: &[&str], peer: &str) -> bool {
        networks(all).contain(peer.parse().unwrap())
    }

    #[test]
    fn nobody_is_kept_out_by_no_network() {
        assert!(contain(&[], "192.0.2.1"));
    }

    #[test]
    fn a_network_contains_its_own_addresses_alone() {
        let all = ["10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "::ffff:198.51.100.0/120"];
        for peer in ["10.1.255.255", "192.0.2.7", "2001:db8::1", "::ffff:10.1.0.1", "::ffff:198.51.100.9"] {
            assert!(contain(&all, peer), "{peer}");
        }
        for peer in ["10.2.0.0", "192.0.2.8", "2001:db9::1", "::ffff:10.2.0.1", "::1", "127.0.0.1"] {
            assert!(!contain(&all, peer), "{peer}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in ["", "10.1.0.0/33", "10.1/16", "localhost", "10.0.0.0-10.0.0.9", " 10.0.0.1"] {
            assert!(Networks::default().add(bad).is_err(), "{bad:?}");
        }
    }
}

//! The templates that a thread has found, so that it finds them again without a lock.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::StatsdClient;
use super::template::{Kind, MAX_TEMPLATES, Template};

/// How many calls without a template a thread remembers.
const MISSES: usize = 1024;

/// How many calls a thread knows with their templates, or as those that have none.
const MOST_AT_HAND: usize = 2 * MAX_TEMPLATES;

/// The templates that a thread has at hand.
#[derive(Debug, Default)]
pub(super) struct AtHand {
    /// Nothing for calls that are known to have no template.
    by_hash: HashMap<u64, Option<Arc<Template>>, BuildHasherDefault<Hashed>>,
    /// The hashes of calls that were not known.
    missed: Vec<u32>,
}

impl AtHand {
    /// The number of the template of a call. Nothing if there is none, which may change when it is asked for again.
    #[inline(always)]
    pub(super) fn number(&mut self, client: &StatsdClient, name: &str, kind: Kind) -> Option<u32> {
        let hash = hash(client, name, kind);
        match self.by_hash.get(&hash) {
            Some(Some(template)) if template.is_of(client, name, kind) => Some(template.number),
            Some(_) => None,
            None => self.learn(hash, client, name, kind),
        }
    }

    /// What is said for the first time may be said for the last time too, as with a name that has a number in it: it gets a template when it
    /// is said again.
    #[cold]
    fn learn(&mut self, hash: u64, client: &StatsdClient, name: &str, kind: Kind) -> Option<u32> {
        // A line that tells the time has more that changes.
        if client.inner.flavor.tells_time() || self.by_hash.len() >= MOST_AT_HAND {
            return None;
        }
        self.missed.resize(MISSES, 0);
        // The lower half says where it is kept.
        let (missed, kept) = (self.missed.get_mut(hash as usize % MISSES)?, (hash >> 32) as u32);
        if *missed != kept {
            // At times only, so that of names that come in turn and have one place, one is there when it comes again.
            if fastrand::bool() {
                *missed = kept;
            }
            return None;
        }
        let template = client.inner.lanes.templates.find_or_add(hash, client, name, kind);
        self.by_hash.entry(hash).insert_entry(template).get().as_ref().map(|template| template.number)
    }
}

/// What is its own hash.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[inline(always)]
fn hash(client: &StatsdClient, name: &str, kind: Kind) -> u64 {
    let mut hasher = FixedState::with_seed(kind as u64).build_hasher();
    hasher.write(name.as_bytes());
    // Most have neither.
    if !client.tags.is_empty() {
        hasher.write(&client.tags);
    }
    if client.sample_rate < 1.0 {
        hasher.write_u64(client.sample_rate.to_bits());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Far more often than a name must be said to be known.
    const OFTEN: u32 = 100;

    fn templates(client: &StatsdClient) -> usize {
        client.inner.lanes.templates.since(0).len()
    }

    #[test]
    fn what_is_said_again_gets_one_template_for_all_threads() {
        let client = StatsdClient::connect("127.0.0.1:8125").unwrap();
        let alike = client.with_tags([("lang", "fr")]);
        let say = || {
            for _ in 0..OFTEN {
                client.incr("requests");
                client.count("requests", -2);
                client.gauge("requests", 1.5);
                client.with_tags([("lang", "fr")]).incr("requests");
                alike.incr("requests");
                client.with_sample_rate(0.999_999).unwrap().incr("requests");
            }
        };
        say();
        std::thread::scope(|scope| drop(scope.spawn(say)));
        assert_eq!(templates(&client), 4);
    }

    #[test]
    fn names_that_are_said_once_and_what_cannot_be_said_get_none() {
        let client = StatsdClient::builder("127.0.0.1:8125").packet_bytes(64).build().unwrap();
        for n in 0..100_000 {
            client.incr(&format!("requests.{n}"));
        }
        for _ in 0..OFTEN {
            client.incr("...");
            client.incr(&"x".repeat(60));
            client.set("users", "ann");
            client.gauge("depth", -1.0);
            client.gauge("depth", f64::NAN);
        }
        assert_eq!(templates(&client), 0);
    }

    #[test]
    fn there_are_no_more_than_allowed_and_the_others_are_sent_too() {
        let server = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = StatsdClient::builder(server.local_addr().unwrap()).queue_bytes(64 << 20);
        let client = client.flush_timeout(Duration::from_secs(60)).build().unwrap();
        let names: Vec<_> = (0..3 * MAX_TEMPLATES).map(|n| format!("requests.{n}")).collect();
        for _ in 0..10 {
            // Twice in a row, as if there were not so many.
            names.iter().flat_map(|name| [name; 2]).for_each(|name| client.incr(name));
        }
        assert_eq!(templates(&client), MAX_TEMPLATES);
        assert!(client.flush());
        assert_eq!(client.stats().sent_lines, 20 * names.len() as u64);
    }

    #[test]
    fn a_thread_knows_no_more_than_it_may() {
        let client = StatsdClient::builder("127.0.0.1:8125").packet_bytes(64).build().unwrap();
        let mut at_hand = AtHand::default();
        for n in 0..2 * MOST_AT_HAND {
            // Longer than a packet can be.
            let name = format!("{n}{}", "x".repeat(70));
            for _ in 0..OFTEN {
                assert_eq!(at_hand.number(&client, &name, Kind::Count), None);
            }
        }
        assert_eq!(at_hand.by_hash.len(), MOST_AT_HAND);
    }
}

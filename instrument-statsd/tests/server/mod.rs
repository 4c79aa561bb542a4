//! A StatsD server for tests: a UDP socket, and a reader of lines that knows nothing of the library. It keeps numbers as Etsy's
//! daemon does, and panics at what that one would call a bad line, replace or drop.

#![allow(dead_code)] // Each test file takes what it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};

pub struct Server {
    socket: UdpSocket,
}

impl Server {
    pub fn start() -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into())
    }

    pub fn start_at(address: SocketAddr) -> Self {
        let socket = UdpSocket::bind(address).unwrap();
        socket.set_nonblocking(true).unwrap();
        Self { socket }
    }

    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// All packets that have come in. On loopback, what has left has arrived.
    pub fn packets(&self) -> Vec<String> {
        let mut buffer = [0; 65_536];
        let receive = || match self.socket.recv(&mut buffer) {
            Ok(length) => Some(String::from_utf8(buffer[..length].to_vec()).unwrap()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("{error}"),
        };
        std::iter::from_fn(receive).collect()
    }

    /// All lines that have come in.
    pub fn lines(&self) -> Vec<String> {
        self.packets().iter().flat_map(|packet| packet.lines()).map(str::to_owned).collect()
    }
}

/// An address at which nobody listens.
pub fn deserted_address() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What a server makes of lines.
#[derive(Debug, Default)]
pub struct Totals {
    pub counters: BTreeMap<String, f64>,
    pub gauges: BTreeMap<String, f64>,
    pub timers: BTreeMap<String, Timer>,
    pub sets: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Default)]
pub struct Timer {
    pub count: f64,
    /// Not weighted.
    pub values: Vec<f64>,
    pub weighted_sum: f64,
}

impl Timer {
    /// What Etsy's daemon shows as `mean`.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }
}

impl Totals {
    pub fn of(server: &Server) -> Self {
        let mut totals = Self::default();
        totals.take(server);
        totals
    }

    pub fn take(&mut self, server: &Server) {
        for line in server.lines() {
            self.line(&line);
        }
    }

    pub fn counter(&self, name: &str) -> u64 {
        self.counters.get(name).copied().unwrap_or_default() as u64
    }

    pub fn line(&mut self, line: &str) {
        let (name, rest) = line.split_once(':').unwrap_or_else(|| panic!("no value: {line}"));
        let known = |c: char| c.is_ascii_alphanumeric() || "_-.;=".contains(c);
        assert!(!name.is_empty() && name.chars().all(known), "the daemon would change the name: {line}");
        let fields: Vec<&str> = rest.split('|').collect();
        let rate: f64 = match fields.get(2) {
            None => 1.0,
            Some(rate) => {
                let rate = rate.strip_prefix('@').unwrap_or_else(|| panic!("no rate: {line}"));
                assert!(rate.chars().all(|c| c.is_ascii_digit() || c == '.'), "a rate it misreads: {line}");
                rate.parse().unwrap()
            }
        };
        assert!(fields.len() <= 3 && rate > 0.0 && rate <= 1.0, "bad line: {line}");
        let number =
            || fields[0].parse::<f64>().ok().filter(|n| n.is_finite()).unwrap_or_else(|| panic!("{line}"));
        let name = name.to_owned();
        match fields[1] {
            "c" => *self.counters.entry(name).or_default() += number() * (1.0 / rate),
            "g" => {
                let gauge = self.gauges.entry(name).or_default();
                let relative = *gauge != 0.0 && fields[0].starts_with(['+', '-']);
                *gauge = if relative { *gauge + number() } else { number() };
            }
            "ms" => {
                assert!(number() >= 0.0, "bad line: {line}");
                let timer = self.timers.entry(name).or_default();
                timer.values.push(number());
                timer.count += 1.0 / rate;
                timer.weighted_sum += number() * (1.0 / rate);
            }
            "s" => {
                self.sets.entry(name).or_default().insert(fields[0].to_owned());
            }
            other => panic!("taken for a counter: {other} in {line}"),
        }
    }
}

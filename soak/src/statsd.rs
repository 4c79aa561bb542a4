//! A server of StatsD that adds up what the counters say.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use instrument_statsd::Transport;

pub(crate) struct Server {
    address: SocketAddr,
    reader: JoinHandle<HashMap<String, u64>>,
}

impl Server {
    /// Takes one connection. A stream loses nothing, so that the sums can be held to be exact.
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let reader = thread::spawn(move || {
            let mut sums = HashMap::new();
            if let Ok((connection, _)) = listener.accept() {
                let lines = BufReader::new(connection).lines();
                lines.map_while(Result::ok).for_each(|line| add(&mut sums, &line));
            }
            sums
        });
        Ok(Self { address, reader })
    }

    pub(crate) fn transport(&self) -> Transport {
        Transport::Tcp(self.address.to_string())
    }

    /// The sums of all counters whose first word is the same, when the connection has ended.
    pub(crate) fn finish(self) -> HashMap<String, u64> {
        self.reader.join().unwrap_or_default()
    }
}

fn add(sums: &mut HashMap<String, u64>, line: &str) {
    let parsed = line.strip_suffix("|c").and_then(|line| line.rsplit_once(':'));
    if let Some((name, value)) = parsed
        && let Ok(value) = value.parse::<u64>()
    {
        let family = name.split('.').next().unwrap_or(name);
        *sums.entry(family.to_owned()).or_default() += value;
    }
}

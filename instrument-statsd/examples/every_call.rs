//! Makes every kind of call once or twice, at the StatsD server at an address:
//!
//!     cargo run -p instrument-statsd --example every_call -- 127.0.0.1:8125
//!
//! Look at what the server made of it: for Etsy's daemon, `echo counters | nc 127.0.0.1 8126`, and `gauges` and `timers` likewise. The end-to-end
//! checks hold the daemon to what it says after the same calls of the client from PyPI.

use std::error::Error;
use std::time::Duration;

use instrument_statsd::StatsdClient;

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("give the server's address, as in 127.0.0.1:8125")?;
    let client = StatsdClient::builder(address).prefix("calls").build()?;

    client.incr("foo");
    client.count("foo", 4);
    client.decr("bar");
    client.count("bar", -2);
    client.timing("stats.timed", Duration::from_millis(320));
    client.timing("stats.timed", Duration::from_micros(1_500));
    client.gauge("depth", 7.0);
    client.gauge("depth", -3.0); // Below zero, and not relative to 7.
    client.gauge("level", 5.0);
    client.gauge_delta("level", -2.0);
    client.gauge_delta("level", 0.5);

    // In one packet: in one flush interval of the server, too.
    let together = client.pipeline();
    together.set("users", "ann");
    together.set("users", "bob");
    together.set("users", "ann");
    together.send();

    // Added up here, and sent as one line.
    let hits = client.counter("hits");
    (0..1000).for_each(|_| hits.inc());

    if !client.shutdown() || client.stats().all_dropped_lines() > 0 {
        return Err(format!("not all was sent: {:?}", client.stats()).into());
    }
    Ok(())
}

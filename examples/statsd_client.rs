//! What happens, told to a StatsD server as it happens.
//!
//!     $ cargo run -p instrument-examples --example statsd_client
//!     app.quotes.served:1|c
//!     app.quotes.lookup:320|ms
//!     app.queue:7|g
//!     app.readers:ann|s
//!     app.words:1000|c
//!
//! Here the server is a socket that prints what arrives. Put the address of yours instead, such as `127.0.0.1:8125`; whether it is there or not, no call
//! waits for it.

use std::error::Error;
use std::net::UdpSocket;
use std::time::Duration;

use instrument_statsd::StatsdClient;

fn main() -> Result<(), Box<dyn Error>> {
    let server = UdpSocket::bind("127.0.0.1:0")?;
    let client = StatsdClient::builder(server.local_addr()?).prefix("app").build()?;

    client.incr("quotes.served");
    client.timing("quotes.lookup", Duration::from_millis(320));
    client.gauge("queue", 7.0);
    client.set("readers", "ann");

    // What happens very often is added up here, and sent as one line.
    let words = client.counter("words");
    (0..1000).for_each(|_| words.inc());

    if !client.shutdown() {
        return Err("not all was sent in time".into());
    }
    let mut packet = [0; 1432];
    server.set_read_timeout(Some(Duration::from_secs(1)))?;
    while let Ok(length) = server.recv(&mut packet) {
        println!("{}", String::from_utf8_lossy(&packet[..length]));
    }
    Ok(())
}

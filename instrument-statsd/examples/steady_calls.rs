//! Counts a hundred times a second, one call and one line each, for as many seconds as given, whatever becomes of the server:
//!
//!     cargo run -p instrument-statsd --example steady_calls -- 127.0.0.1:8125 60
//!
//! Kill the server meanwhile and start it again. In the end it prints how many lines it has said, and how many of them it knows to be lost: the server
//! has the others.

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use instrument_statsd::StatsdClient;

const PAUSE: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("give the server's address and a number of seconds, as in 127.0.0.1:8125 60".into());
    };
    let end = Instant::now() + Duration::from_secs(seconds.parse()?);
    // So seldom that there is time between two packets, for who wants to kill the server when it has read the last one.
    let client = StatsdClient::builder(address).flush_interval(Duration::from_millis(500)).build()?;
    let mut said = 0;
    while Instant::now() < end {
        client.incr("steady");
        said += 1;
        thread::sleep(PAUSE);
    }
    client.shutdown();
    println!("{said} said, {} lost", client.stats().all_dropped_lines());
    Ok(())
}

//! Who reads the endpoint: those who read all of it, and those who do not.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub(crate) struct Scrapers(Vec<JoinHandle<Scraped>>);

/// What they have seen.
#[derive(Debug, Default)]
pub(crate) struct Scraped {
    pub(crate) pages: u64,
    pub(crate) broken_off: u64,
    pub(crate) failed: u64,
    /// Counters that were less than before.
    pub(crate) steps_back: Vec<String>,
}

const FORMATS: [&str; 3] = [
    "text/plain",
    "application/openmetrics-text;version=1.0.0",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
];

impl Scrapers {
    pub(crate) fn start(address: SocketAddr, is_over: &Arc<AtomicBool>) -> Self {
        let start = |scrape: fn(SocketAddr, &AtomicBool) -> Scraped| {
            let is_over = Arc::clone(is_over);
            thread::spawn(move || scrape(address, &is_over))
        };
        Self(vec![start(whole_pages), start(whole_pages), start(parts_of_pages)])
    }

    pub(crate) fn join(self) -> Scraped {
        self.0.into_iter().fold(Scraped::default(), |mut all, scraper| {
            let Ok(one) = scraper.join() else {
                all.failed += 1;
                return all;
            };
            all.pages += one.pages;
            all.broken_off += one.broken_off;
            all.failed += one.failed;
            all.steps_back.extend(one.steps_back);
            all
        })
    }
}

/// Pulls the formats in turn, on a new connection each time, and looks whether a counter goes back.
fn whole_pages(address: SocketAddr, is_over: &AtomicBool) -> Scraped {
    let mut scraped = Scraped::default();
    let mut before: HashMap<String, f64> = HashMap::new();
    for format in FORMATS.iter().cycle() {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        match get(address, format).and_then(|mut connection| {
            let mut page = Vec::new();
            connection.read_to_end(&mut page).map(|_| page)
        }) {
            Ok(page) if page.starts_with(b"HTTP/1.1 200") => {
                scraped.pages += 1;
                if *format == FORMATS[0] {
                    let now = monotonic(&String::from_utf8_lossy(&page));
                    let back = now
                        .iter()
                        .filter(|(series, value)| before.get(*series).is_some_and(|before| *value < before));
                    scraped.steps_back.extend(back.map(|(series, value)| format!("{series}, to {value}")));
                    before = now;
                }
            }
            _ => scraped.failed += 1,
        }
        thread::sleep(Duration::from_millis(30));
    }
    scraped
}

/// The samples that never go down.
fn monotonic(page: &str) -> HashMap<String, f64> {
    let names = [
        "jobs_total ",
        "size_bytes_bucket",
        "size_bytes_count ",
        "job_duration_seconds_",
        "function_duration_seconds_",
    ];
    let lines = page.lines().filter(|line| names.iter().any(|name| line.starts_with(name)));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(series, value)| Some((series.to_owned(), value.parse().ok()?)))
        .collect()
}

/// Reads a little and leaves, says half of a request and leaves, or says nothing and leaves.
fn parts_of_pages(address: SocketAddr, is_over: &AtomicBool) -> Scraped {
    let mut scraped = Scraped::default();
    while !is_over.load(Ordering::Relaxed) {
        let left = match fastrand::u32(0..3) {
            0 => get(address, FORMATS[fastrand::usize(0..FORMATS.len())])
                .and_then(|mut connection| connection.read_exact(&mut [0; 100])),
            1 => TcpStream::connect(address)
                .and_then(|mut connection| connection.write_all(b"GET /metrics HT")),
            _ => TcpStream::connect(address).map(drop),
        };
        match left {
            Ok(()) => scraped.broken_off += 1,
            Err(_) => scraped.failed += 1,
        }
        thread::sleep(Duration::from_millis(20));
    }
    scraped
}

fn get(address: SocketAddr, format: &str) -> io::Result<TcpStream> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        connection,
        "GET /metrics HTTP/1.1\r\nHost: soak\r\nAccept: {format}\r\nConnection: close\r\n\r\n"
    )?;
    Ok(connection)
}

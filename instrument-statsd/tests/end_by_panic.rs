//! An exporter that nothing drops flushes when its process ends by a panic of the main thread. That thread must be the test's, so this is a
//! program without a test harness: it starts itself once more, to panic.

use std::net::UdpSocket;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, mem};

use instrument_core::Registry;
use instrument_statsd::StatsdExporter;

/// Where the server listens that the child sends to. Not set in the parent.
const SERVER: &str = "INSTRUMENT_STATSD_TEST_SERVER";

fn main() {
    match env::var(SERVER) {
        Ok(server) => count_and_panic(&server),
        Err(_) => the_last_counts_are_sent_when_the_main_thread_panics(),
    }
}

fn the_last_counts_are_sent_when_the_main_thread_panics() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    child.env(SERVER, server.local_addr().unwrap().to_string()).stderr(Stdio::null());
    assert!(!child.status().unwrap().success());
    let mut packet = [0; 8932];
    let length = server.recv(&mut packet).unwrap();
    assert_eq!(&packet[..length], b"jobs:3|c");
    // As libtest would say it, for who counts tests.
    println!("test result: ok. 1 passed; 0 failed");
}

fn count_and_panic(server: &str) {
    let registry = Registry::new();
    let exporter = StatsdExporter::builder(server).registry(registry.clone()).flush_on_panic();
    mem::forget(exporter.start().unwrap());
    registry.counter("jobs", "").register().unwrap().inc_by(3);
    panic!("on purpose");
}

//! The exporter over a link that fails as told.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use instrument_core::{Buckets, Registry};

use super::outgoing::Outgoing;
use super::pusher::Pusher;
use crate::DropCause;
use crate::delta::Naming;
use crate::form::Form;
use crate::packet::lines;
use crate::telemetry::Telemetry;
use crate::transport::Link;

/// What becomes of a packet.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Arrives,
    IsRefused,
    /// It is lost, and that becomes known later.
    IsRefusedLate,
    TimesOut,
    /// A part of it arrives.
    IsBegun,
}

#[derive(Default)]
struct Network {
    /// Of the packets to come; those beyond arrive.
    fates: VecDeque<Fate>,
    late: bool,
    lines_begun: u64,
    /// How often a packet was to be sent.
    tried: u32,
    arrived: Vec<String>,
}

#[derive(Clone, Default)]
struct ScriptedLink(Arc<Mutex<Network>>);

impl Link for ScriptedLink {
    fn send(&mut self, packet: &[u8]) -> io::Result<()> {
        let mut network = self.0.lock().unwrap();
        network.tried += 1;
        match network.fates.pop_front().unwrap_or(Fate::Arrives) {
            Fate::Arrives => network.arrived.push(String::from_utf8(packet.to_vec()).unwrap()),
            Fate::IsRefused => return Err(io::ErrorKind::ConnectionRefused.into()),
            Fate::IsRefusedLate => network.late = true,
            Fate::TimesOut => return Err(io::ErrorKind::TimedOut.into()),
            Fate::IsBegun => network.lines_begun = lines(packet),
        }
        Ok(())
    }

    fn late_error(&mut self) -> Option<io::Error> {
        let late = std::mem::take(&mut self.0.lock().unwrap().late);
        late.then(|| io::ErrorKind::ConnectionRefused.into())
    }

    fn lines_begun(&self) -> u64 {
        self.0.lock().unwrap().lines_begun
    }
}

struct Setup {
    registry: Registry,
    pusher: Pusher,
    link: ScriptedLink,
    telemetry: Arc<Telemetry>,
}

fn setup(packet_bytes: usize) -> Setup {
    let registry = Registry::new();
    // Not the exported registry: the lines shall be those of the test alone.
    let telemetry = Arc::new(Telemetry::register(&Registry::new()).unwrap());
    let link = ScriptedLink::default();
    let outgoing =
        Outgoing::new(Box::new(link.clone()), packet_bytes, Arc::clone(&telemetry), Box::new(|| None));
    let pusher = Pusher::new(registry.clone(), Naming::default(), Form::Samples { max: 20 }, outgoing);
    Setup { registry, pusher, link, telemetry }
}

impl Setup {
    fn fates(&self, fates: &[Fate]) {
        self.link.0.lock().unwrap().fates.extend(fates);
    }

    fn arrived(&self) -> Vec<String> {
        std::mem::take(&mut self.link.0.lock().unwrap().arrived)
    }
}

#[test]
fn what_is_refused_comes_with_the_next_flush() {
    let mut setup = setup(1432);
    let jobs = setup.registry.counter("jobs", "").register().unwrap();
    let load = setup.registry.gauge("load", "").register().unwrap();
    setup.fates(&[Fate::IsRefused]);
    jobs.inc_by(2);
    setup.pusher.flush();
    assert!(setup.arrived().is_empty());
    let stats = setup.telemetry.stats();
    assert_eq!((stats.failed_packets, stats.sent_packets, stats.carried_lines), (1, 0, 1));
    assert_eq!(stats.dropped_lines(DropCause::SendFailed), 1, "the gauge");

    jobs.inc_by(3);
    load.set(-1.5);
    setup.pusher.flush();
    assert_eq!(setup.arrived(), ["jobs:5|c\nload:0|g\nload:-1.5|g"]);
}

#[test]
fn what_turns_out_to_be_lost_comes_with_the_next_flush() {
    let mut setup = setup(1432);
    let jobs = setup.registry.counter("jobs", "").register().unwrap();
    setup.fates(&[Fate::IsRefusedLate]);
    jobs.inc_by(2);
    setup.pusher.flush();
    jobs.inc_by(3);
    setup.pusher.flush();
    assert_eq!(setup.arrived(), ["jobs:5|c"]);
    setup.pusher.flush();
    assert!(setup.arrived().is_empty());
    assert_eq!(setup.telemetry.stats().carried_lines, 1);
}

#[test]
fn a_flush_asks_no_more_of_a_server_that_is_gone_or_hangs() {
    let mut setup = setup(64);
    for n in 0..100 {
        setup.registry.counter(&format!("jobs_{n}"), "").register().unwrap().inc();
    }
    for (flush, fate) in [Fate::IsRefused, Fate::TimesOut, Fate::IsBegun].into_iter().enumerate() {
        setup.fates(&[Fate::Arrives, fate]);
        setup.pusher.flush();
        assert_eq!(setup.link.0.lock().unwrap().tried, 2 * (flush as u32 + 1));
    }
    let begun = std::mem::take(&mut setup.link.0.lock().unwrap().lines_begun);
    setup.pusher.flush();
    let arrived: usize = setup.arrived().iter().map(|packet| packet.lines().count()).sum();
    assert_eq!(arrived as u64 + begun, 100);
}

#[test]
fn a_packet_that_is_not_taken_does_not_hide_the_loss_of_the_one_before() {
    let mut setup = setup(64);
    let jobs = setup.registry.counter("jobs", "").register().unwrap();
    setup.registry.counter(&"x".repeat(60), "").register().unwrap().inc();
    jobs.inc_by(2);
    setup.fates(&[Fate::Arrives, Fate::TimesOut]);
    setup.pusher.flush();
    setup.arrived();
    setup.link.0.lock().unwrap().late = true;
    setup.pusher.flush();
    assert_eq!(setup.arrived().concat().matches("jobs:2|c").count(), 1);
}

#[test]
fn what_the_server_has_a_part_of_at_the_end_is_counted_as_lost() {
    let mut setup = setup(1432);
    let jobs = setup.registry.counter("jobs", "").register().unwrap();
    setup.registry.counter("requests", "").register().unwrap().inc();
    jobs.inc();
    setup.fates(&[Fate::IsBegun]);
    setup.pusher.flush();
    setup.pusher.end();
    assert_eq!(setup.telemetry.stats().dropped_lines(DropCause::SendFailed), 2);
}

#[test]
fn counts_are_exact_whichever_packets_fail() {
    let mut setup = setup(64);
    let counters: Vec<_> = ["jobs", "requests", "retries"]
        .map(|name| setup.registry.counter(name, "").register().unwrap())
        .into_iter()
        .collect();
    let lookup = setup
        .registry
        .histogram::<Duration>("lookup", "")
        .buckets(Buckets::explicit([0.001, 0.01, 0.1]))
        .register()
        .unwrap();
    // A fixed sequence that repeats neither with the flushes nor with the packets of one.
    let mut seed = 1_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let (mut counted, mut observed, mut observed_ms) = ([0; 3], 0, 0);
    let mut arrived = Vec::new();
    for _ in 0..200 {
        for (counter, counted) in counters.iter().zip(&mut counted) {
            let n = random() % 100;
            counter.inc_by(n);
            *counted += n;
        }
        for _ in 0..random() % 60 {
            let milliseconds = random() % 150;
            lookup.observe(Duration::from_millis(milliseconds));
            observed += 1;
            observed_ms += milliseconds;
        }
        let fates = [Fate::Arrives, Fate::Arrives, Fate::IsRefused, Fate::IsRefusedLate];
        setup.fates(&[0; 40].map(|_| fates[(random() % 4) as usize]));
        setup.pusher.flush();
        setup.link.0.lock().unwrap().fates.clear();
        arrived.extend(setup.arrived());
    }
    setup.pusher.flush();
    arrived.extend(setup.arrived());

    let (mut received, mut count, mut sum) = ([0; 3], 0.0, 0.0);
    for line in arrived.iter().inspect(|packet| assert!(packet.len() <= 64)).flat_map(|packet| packet.lines())
    {
        let (name, rest) = line.split_once(':').unwrap();
        let mut fields = rest.split('|');
        let value: f64 = fields.next().unwrap().parse().unwrap();
        match name {
            "jobs" => received[0] += value as u64,
            "requests" => received[1] += value as u64,
            "retries" => received[2] += value as u64,
            "lookup_ms" => {
                let rate: f64 = fields.nth(1).map_or(1.0, |rate| rate[1..].parse().unwrap());
                count += 1.0 / rate;
                sum += value / rate;
            }
            _ => panic!("{line}"),
        }
    }
    assert_eq!(received, counted);
    assert_eq!(count, f64::from(observed));
    assert!((sum - observed_ms as f64).abs() < 0.01 * observed_ms as f64 / 1e4, "{sum} {observed_ms}");
    let stats = setup.telemetry.stats();
    assert!(stats.failed_packets > 100 && stats.carried_lines > 100, "{stats:?}");
    assert_eq!(stats.all_dropped_lines(), 0);
}

#[test]
fn what_is_owed_at_the_end_is_counted_as_lost() {
    let mut setup = setup(1432);
    setup.registry.counter("jobs", "").register().unwrap().inc();
    setup.fates(&[Fate::IsRefused]);
    setup.pusher.flush();
    setup.pusher.end();
    assert_eq!(setup.telemetry.stats().dropped_lines(DropCause::SendFailed), 1);
}

#[test]
fn what_can_never_be_sent_is_dropped_once_and_counted() {
    let mut setup = setup(64);
    let long = "x".repeat(64);
    setup.registry.counter(&long, "").register().unwrap().inc();
    setup.registry.gauge("load", "").register().unwrap().set(f64::NAN);
    setup.pusher.flush();
    setup.pusher.flush();
    assert!(setup.arrived().is_empty());
    let stats = setup.telemetry.stats();
    assert_eq!(stats.dropped_lines(DropCause::TooLong), 1);
    assert_eq!(stats.dropped_lines(DropCause::BadValue), 2);
}

//! The exporter against a socket.

mod server;

use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use instrument_core::{Buckets, Red, Registry};
use instrument_statsd::{DropCause, Error, ExporterBuilder, Flavor, StatsdExporter};
use server::{Server, Totals, deserted_address};

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

fn quiet(server: &Server, registry: &Registry) -> ExporterBuilder {
    StatsdExporter::builder(server.address()).registry(registry.clone()).interval(NEVER)
}

#[test]
fn each_kind_of_metric_has_its_line() {
    let server = Server::start();
    let registry = Registry::builder().constant_label("region", "eu").build().unwrap();
    registry.counter("served", "").register().unwrap().inc_by(3);
    registry.gauge("fill", "").unit("ratio").register().unwrap().set(0.25);
    registry.up_down_counter("open", "").register().unwrap().add(-2);
    registry.histogram::<Duration>("lookup", "").register().unwrap().observe(Duration::from_millis(30));
    registry.histogram::<u64>("upload", "").unit("bytes").register().unwrap().observe(700);
    let exporter = quiet(&server, &registry).prefix("app").start().unwrap();
    assert!(exporter.flush());
    assert_eq!(
        server.packets(),
        ["app.fill_ratio.region.eu:0.25|g\n\
          app.lookup_ms.region.eu:30|ms\n\
          app.open.region.eu:0|g\n\
          app.open.region.eu:-2|g\n\
          app.served.region.eu:3|c\n\
          app.upload_bytes.region.eu:700|ms"]
    );
}

#[test]
fn only_what_has_changed_is_sent_again_but_for_gauges() {
    let server = Server::start();
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    registry.counter("idle", "").register().unwrap();
    registry.gauge("load", "").register().unwrap().set(1.0);
    let exporter = quiet(&server, &registry).start().unwrap();
    jobs.inc();
    assert!(exporter.flush());
    assert_eq!(server.lines(), ["jobs:1|c", "load:1|g"]);
    assert!(exporter.flush());
    let others: Vec<String> =
        server.lines().into_iter().filter(|line| !line.starts_with("instrument_statsd_")).collect();
    assert_eq!(others, ["load:1|g"]);
}

#[test]
fn deltas_add_up_while_threads_count_and_flushes_come_between() {
    let server = Server::start();
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    let sizes = registry.histogram::<u64>("size", "").register().unwrap();
    let red = Red::register(&registry, "fetch").unwrap();
    let exporter = quiet(&server, &registry).packet_bytes(128).start().unwrap();
    let mut totals = Totals::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    for n in 0..20_000 {
                        jobs.inc();
                        sizes.observe(n);
                        red.start().ok();
                    }
                })
            })
            .collect();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            assert!(exporter.flush());
            totals.take(&server);
        }
    });
    assert!(exporter.flush());
    totals.take(&server);
    assert_eq!(totals.counter("jobs"), 80_000);
    assert_eq!(totals.timers["size"].count, 80_000.0);
    let sum = 4.0 * 19_999.0 * 10_000.0;
    assert!((totals.timers["size"].weighted_sum / sum - 1.0).abs() < 1e-6);
    assert_eq!(totals.timers["fetch_duration_ms.outcome.ok"].count, 80_000.0);
    assert_eq!(totals.gauges["fetch_in_flight"], 0.0);
    assert!(!totals.timers.contains_key("fetch_duration_ms.outcome.error"));
    assert_eq!(exporter.stats().all_dropped_lines(), 0);
}

#[test]
fn few_observations_have_their_mean_and_sum_and_many_have_their_count() {
    let server = Server::start();
    let registry = Registry::new();
    let lookup = registry
        .histogram::<Duration>("lookup", "")
        .buckets(Buckets::explicit([0.01, 0.1, 1.0]))
        .register()
        .unwrap();
    let exporter = quiet(&server, &registry).start().unwrap();
    for milliseconds in [3, 4, 50, 700, 2000] {
        lookup.observe(Duration::from_millis(milliseconds));
    }
    assert!(exporter.flush());
    let timer = &Totals::of(&server).timers["lookup_ms"];
    assert_eq!((timer.count, timer.values.len()), (5.0, 5));
    assert!((timer.mean() - 551.4).abs() < 1e-3, "{timer:?}");

    // 49 and 98 are numbers that no single rate gives back.
    for (milliseconds, times) in [(3, 4900), (50, 980), (700, 98), (2000, 49)] {
        for _ in 0..times {
            lookup.observe(Duration::from_millis(milliseconds));
        }
    }
    assert!(exporter.flush());
    let timer = &Totals::of(&server).timers["lookup_ms"];
    assert_eq!(timer.count, 6027.0);
    assert!((timer.weighted_sum - 230_300.0).abs() < 1.0, "{timer:?}");
    assert!(timer.values.len() <= 21, "{timer:?}");
    assert!((timer.mean() / (230_300.0 / 6027.0) - 1.0).abs() < 0.01, "{timer:?}");
}

#[test]
fn packets_are_full_and_lines_whole() {
    let server = Server::start();
    let registry = Registry::new();
    for n in 0..100 {
        let name = format!("{}_{n}", "x".repeat(n % 70 + 1));
        registry.counter(&name, "").register().unwrap().inc();
        registry.gauge(&format!("gauge_{n}"), "").register().unwrap().set(-1.0);
    }
    let exporter = quiet(&server, &registry).packet_bytes(100).start().unwrap();
    assert!(exporter.flush());
    let packets = server.packets();
    let mut totals = Totals::default();
    for packet in &packets {
        assert!(packet.len() <= 100, "{packet}");
        let lines: Vec<&str> = packet.lines().collect();
        lines.iter().for_each(|line| totals.line(line));
        // A gauge's two lines are never apart.
        assert!(!lines[0].ends_with(":-1|g") && !lines[lines.len() - 1].ends_with(":0|g"), "{packet}");
    }
    assert_eq!(totals.counters.len(), 100);
    assert_eq!(totals.gauges.len(), 100);
    assert!(totals.gauges.values().all(|value| *value == -1.0));
    let bytes: usize = packets.iter().map(String::len).sum();
    assert!(bytes > packets.len() * 60, "half-empty packets: {} for {bytes} bytes", packets.len());
}

#[test]
fn the_host_is_a_tag_when_it_is_asked_for() {
    let server = Server::start();
    let registry = Registry::new();
    registry.counter("jobs", "").register().unwrap().inc();
    let exporter = quiet(&server, &registry).flavor(Flavor::DogStatsD).host_tag().start().unwrap();
    assert!(exporter.flush());
    let line = server.lines().remove(0);
    let host = line.strip_prefix("jobs:1|c|#host:").unwrap();
    assert!(!host.is_empty());
}

#[test]
fn a_flush_comes_every_interval() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let registry = Registry::new();
    registry.gauge("load", "").register().unwrap();
    let _exporter = StatsdExporter::builder(socket.local_addr().unwrap())
        .registry(registry.clone())
        .interval(Duration::from_millis(1))
        .start()
        .unwrap();
    for _ in 0..3 {
        let mut packet = [0; 1432];
        let length = socket.recv(&mut packet).unwrap();
        assert!(packet[..length].ends_with(b"load:0|g"));
    }
}

#[test]
fn the_last_counts_are_sent_at_shutdown_and_at_drop() {
    let server = Server::start();
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    let exporter = quiet(&server, &registry).start().unwrap();
    jobs.inc_by(2);
    assert!(exporter.shutdown());
    assert_eq!(server.packets(), ["jobs:2|c"]);
    jobs.inc();
    assert!(!exporter.flush());
    drop(exporter);
    assert!(server.packets().is_empty(), "it has ended");

    let exporter = quiet(&server, &registry).start().unwrap();
    drop(exporter);
    assert_eq!(Totals::of(&server).counter("jobs"), 3, "a new exporter begins at zero");
}

#[test]
fn what_nobody_receives_is_carried_over_until_somebody_does() {
    let address = deserted_address();
    let registry = Registry::new();
    let jobs = registry.counter("jobs", "").register().unwrap();
    let lookup = registry.histogram::<Duration>("lookup", "").register().unwrap();
    let exporter = StatsdExporter::builder(address)
        .registry(registry.clone())
        .interval(NEVER)
        .packet_bytes(64)
        .start()
        .unwrap();
    for _ in 0..5 {
        jobs.inc_by(7);
        lookup.observe(Duration::from_millis(4));
        assert!(exporter.flush());
    }
    let stats = exporter.stats();
    assert!(stats.failed_packets > 0 && stats.carried_lines > 0, "{stats:?}");

    let server = Server::start_at(address);
    assert!(exporter.shutdown());
    let totals = Totals::of(&server);
    assert_eq!(totals.counter("jobs"), 35);
    assert_eq!(totals.timers["lookup_ms"].count, 5.0);
    assert!((totals.timers["lookup_ms"].weighted_sum - 20.0).abs() < 1e-4);
    assert_eq!(exporter.stats().all_dropped_lines(), 0);
}

#[test]
fn what_is_never_received_is_counted_as_lost_at_the_end() {
    let registry = Registry::new();
    registry.counter("jobs", "").register().unwrap().inc();
    let exporter = StatsdExporter::builder(deserted_address())
        .registry(registry.clone())
        .interval(NEVER)
        .start()
        .unwrap();
    assert!(exporter.shutdown());
    assert!(exporter.stats().dropped_lines(DropCause::SendFailed) >= 1);
    let lost =
        registry.snapshot().counter("instrument_statsd_dropped_lines_total", &[("cause", "send_failed")]);
    assert!(lost >= Some(1));
}

#[test]
fn what_cannot_be_set_up_is_an_error_that_names_it() {
    let registry = Registry::new();
    let builder = || StatsdExporter::builder("127.0.0.1:8125").registry(registry.clone());
    assert!(matches!(builder().interval(Duration::ZERO).start().unwrap_err(), Error::ZeroInterval));
    assert!(matches!(builder().prefix(".").start().unwrap_err(), Error::Prefix { .. }));
    assert!(matches!(builder().packet_bytes(0).start().unwrap_err(), Error::PacketBytes { bytes: 0 }));
    for share in [-0.1, 1.1, f64::NAN] {
        let error = builder().jitter(share).start().unwrap_err();
        assert!(error.to_string().contains(&share.to_string()), "{error}");
    }
    let error = StatsdExporter::builder("no.such.host.invalid:8125").start().unwrap_err();
    assert!(
        matches!(&error, Error::Resolve { address, .. } if address == "no.such.host.invalid:8125"),
        "{error}"
    );
}

//! Client and exporter in each dialect, against a socket.

mod server;

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use instrument_core::{Buckets, Registry};
use instrument_statsd::{DropCause, Error, Flavor, HistogramForm, StatsdClient, StatsdExporter};
use server::{Server, Totals};

/// Long enough that nothing is sent in a test unless it must.
const NEVER: Duration = Duration::from_secs(3600);

const ALL: [Flavor; 4] = [Flavor::Etsy, Flavor::DogStatsD, Flavor::Influx, Flavor::Graphite];

fn client(server: &Server, flavor: Flavor) -> StatsdClient {
    let builder = StatsdClient::builder(server.address()).flavor(flavor).prefix("app").tag("env", "prod");
    builder.flush_interval(NEVER).build().unwrap()
}

/// Two series of a histogram with bounds, exported once.
fn exported(flavor: Flavor, form: Option<HistogramForm>) -> Vec<String> {
    let server = Server::start();
    let registry = Registry::builder().constant_label("lang", "fr").build().unwrap();
    let lookup = registry.histogram::<Duration>("lookup", "").buckets(Buckets::explicit([0.01, 0.1, 1.0]));
    let lookup = lookup.register().unwrap();
    let mut builder =
        StatsdExporter::builder(server.address()).flavor(flavor).registry(registry.clone()).interval(NEVER);
    if let Some(form) = form {
        builder = builder.histograms(form);
    }
    let exporter = builder.prefix("app").tag("env", "prod").max_samples(3).start().unwrap();
    registry.counter("served", "").register().unwrap().inc_by(3);
    for milliseconds in [5, 5, 55, 505] {
        lookup.observe(Duration::from_millis(milliseconds));
    }
    assert!(exporter.flush());
    server.lines()
}

/// Takes the time from the end of a line of Graphite's.
fn without_time(line: &str) -> &str {
    let (line, epoch) = line.rsplit_once(' ').unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(epoch.parse().unwrap()) < 60, "{epoch}");
    line
}

#[test]
fn a_call_has_the_tags_of_the_client_and_of_its_handle() {
    let lines = ALL.map(|flavor| {
        let server = Server::start();
        let client = client(&server, flavor);
        client.with_tags([("lang", "fr")]).timing("lookup;x=y", Duration::from_millis(2));
        assert!(client.flush());
        server.lines().remove(0)
    });
    assert_eq!(
        lines[..3],
        [
            "app.lookup.env.prod.lang.fr;x=y:2|ms",
            "app.lookup_x_y:2|ms|#env:prod,lang:fr",
            "app.lookup_x_y,env=prod,lang=fr:2|ms",
        ]
    );
    assert_eq!(without_time(&lines[3]), "app.lookup.env.prod.lang.fr;x=y 2");
}

#[test]
fn what_a_dialect_has_no_line_for_is_counted() {
    for (flavor, dropped) in ALL.into_iter().zip([0, 1, 0, 2]) {
        let server = Server::start();
        let client = client(&server, flavor);
        client.gauge_delta("load", 1.0);
        client.set("users", "ann");
        assert!(client.flush());
        assert_eq!(client.stats().dropped_lines(DropCause::Unsupported), dropped, "{flavor:?}");
        assert_eq!(client.stats().sent_lines, 2 - dropped, "{flavor:?}");
    }
}

#[test]
fn what_is_added_up_here_is_a_gauge_in_any_dialect() {
    for flavor in ALL {
        let server = Server::start();
        let client = client(&server, flavor);
        let (open, load) = (client.up_down_counter("open"), client.gauge_handle("load"));
        open.add(3);
        open.dec();
        load.add(0.5);
        assert!(client.flush());
        let lines = server.lines();
        for (name, value) in [("load", "0.5"), ("open", "2")] {
            let line = lines.iter().find(|line| line.contains(name)).unwrap();
            let said = if flavor == Flavor::Graphite { format!(" {value} ") } else { format!(":{value}|g") };
            assert!(line.contains(&said), "{flavor:?}: {line}");
        }
        assert_eq!(client.stats().all_dropped_lines(), 0, "{flavor:?}");
    }
}

#[test]
fn a_sampled_handle_sends_its_share_and_says_so() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).flush_interval(NEVER).build().unwrap();
    let sampled = client.with_sample_rate(0.25).unwrap();
    for _ in 0..4000 {
        sampled.incr("hits");
        sampled.gauge("load", 1.0);
    }
    assert!(client.flush());
    let lines = server.lines();
    let hits = lines.iter().filter(|line| *line == "hits:1|c|@0.25").count();
    // Five standard deviations of 27 beside 1000.
    assert!((860..=1140).contains(&hits), "{hits}");
    assert_eq!(lines.iter().filter(|line| *line == "load:1|g").count(), 4000);
}

#[test]
fn a_sample_rate_that_is_no_share_is_an_error_that_names_it() {
    let server = Server::start();
    let client = StatsdClient::connect(server.address()).unwrap();
    for bad in [0.0, -0.5, 1.5, f64::NAN, f64::INFINITY] {
        let error = client.with_sample_rate(bad).unwrap_err();
        assert!(matches!(error, Error::SampleRate { .. }) && error.to_string().contains(&bad.to_string()));
    }
    assert!(client.with_sample_rate(1.0).is_ok());
}

#[test]
fn labels_and_tags_of_a_registry_are_written_as_the_dialect_has_them() {
    let etsy = exported(Flavor::Etsy, None);
    assert_eq!(etsy.last().unwrap(), "app.served.env.prod.lang.fr:3|c");
    let dogstatsd = exported(Flavor::DogStatsD, None);
    assert!(dogstatsd[0].starts_with("app.lookup_ms:"), "{dogstatsd:?}");
    assert!(dogstatsd[0].ends_with("|ms|@0.5|#env:prod,lang:fr"), "{dogstatsd:?}");
    assert_eq!(dogstatsd.last().unwrap(), "app.served:3|c|#env:prod,lang:fr");
    let influx = exported(Flavor::Influx, None);
    assert_eq!(influx.last().unwrap(), "app.served,env=prod,lang=fr:3|c");
    let graphite = exported(Flavor::Graphite, None);
    assert_eq!(without_time(graphite.last().unwrap()), "app.served.env.prod.lang.fr 3");
}

#[test]
fn graphite_gets_percentiles_because_it_computes_none() {
    let lines = exported(Flavor::Graphite, None);
    let names: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    let lookup = "app.lookup_ms.env.prod.lang.fr";
    let expected = ["count", "mean", "p50", "p90", "p99"].map(|part| format!("{lookup}.{part}"));
    assert_eq!(names[..5], expected);
    assert_eq!(without_time(&lines[0]), format!("{lookup}.count 4"));
    assert_eq!(without_time(&lines[1]), format!("{lookup}.mean 142.5"));
}

#[test]
fn two_flushes_to_graphite_never_have_the_same_second() {
    let server = Server::start();
    let registry = Registry::new();
    registry.gauge("load", "").register().unwrap();
    let exporter = StatsdExporter::builder(server.address()).flavor(Flavor::Graphite);
    let exporter = exporter.registry(registry.clone()).interval(NEVER).start().unwrap();
    for _ in 0..3 {
        assert!(exporter.flush());
    }
    let loads = server.lines().into_iter().filter(|line| line.starts_with("load "));
    let times: BTreeSet<String> = loads.map(|line| line.rsplit_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(times.len(), 3);
}

#[test]
fn percentiles_are_gauges_with_a_name_each() {
    let lines = exported(Flavor::Influx, Some(HistogramForm::Percentiles(vec![0.5, 1.0])));
    assert_eq!(
        lines[..4],
        [
            "app.lookup_ms.count,env=prod,lang=fr:4|c",
            "app.lookup_ms.mean,env=prod,lang=fr:142.5|g",
            "app.lookup_ms.p50,env=prod,lang=fr:10|g",
            "app.lookup_ms.p100,env=prod,lang=fr:1000|g",
        ]
    );
}

#[test]
fn packed_distributions_have_all_samples_of_a_weight_in_a_line() {
    let lines = exported(Flavor::DogStatsD, Some(HistogramForm::PackedDistributions));
    let (name, rest) = lines[0].split_once(':').unwrap();
    let (sizes, kind) = rest.split_once('|').unwrap();
    assert_eq!(name, "app.lookup_ms");
    assert_eq!(kind, "d|@0.5|#env:prod,lang:fr", "two samples of two");
    let sizes: Vec<f64> = sizes.split(':').map(|size| size.parse().unwrap()).collect();
    assert_eq!(sizes.len(), 2);
    assert!((2.0 * sizes.iter().sum::<f64>() - 570.0).abs() < 1e-3, "{sizes:?}");
}

#[test]
fn packed_distributions_are_cut_where_a_packet_ends() {
    let server = Server::start();
    let registry = Registry::new();
    let size = registry.histogram::<f64>("size", "").buckets(Buckets::linear(1.0, 1.0, 50));
    let size = size.register().unwrap();
    let exporter = StatsdExporter::builder(server.address()).flavor(Flavor::DogStatsD).packet_bytes(100);
    let exporter = exporter.histograms(HistogramForm::PackedDistributions).max_samples(100);
    let exporter = exporter.registry(registry.clone()).interval(NEVER).start().unwrap();
    for value in 0..50 {
        size.observe(f64::from(value) + 0.7);
    }
    assert!(exporter.flush());
    let (mut values, mut sum) = (0, 0.0);
    for packet in server.packets() {
        assert!(packet.len() <= 100, "{packet}");
        for line in packet.lines().filter(|line| line.starts_with("size:")) {
            for value in line.strip_prefix("size:").unwrap().strip_suffix("|d").unwrap().split(':') {
                values += 1;
                sum += value.parse::<f64>().unwrap();
            }
        }
    }
    assert_eq!(values, 50);
    assert!((sum - 1260.0).abs() < 0.01, "{sum}");
    assert_eq!(exporter.stats().all_dropped_lines(), 0);
}

#[test]
fn packed_distributions_keep_their_type_where_a_packet_has_room_for_one_size() {
    let server = Server::start();
    let registry = Registry::new();
    let size =
        registry.histogram::<f64>("size", "").buckets(Buckets::linear(1.0, 1.0, 5)).register().unwrap();
    let exporter = StatsdExporter::builder(server.address()).flavor(Flavor::DogStatsD).packet_bytes(100);
    let exporter = exporter.histograms(HistogramForm::PackedDistributions).tag("t", "x".repeat(80));
    let exporter = exporter.registry(registry).interval(NEVER).start().unwrap();
    (0..3).for_each(|value| size.observe(f64::from(value) + 0.5));
    assert!(exporter.flush());
    let packets = server.packets();
    let lines: Vec<&str> = packets.iter().flat_map(|packet| packet.lines()).collect();
    let of_size: Vec<_> = lines.iter().filter(|line| line.starts_with("size:")).collect();
    assert_eq!(of_size.len(), 3, "{lines:?}");
    assert!(of_size.iter().all(|line| line.contains("|d|#t:x")), "{lines:?}");
}

#[test]
fn telegraf_reads_a_gauge_below_zero_as_etsys_daemon_does() {
    let server = Server::start();
    let client = StatsdClient::builder(server.address()).flavor(Flavor::Influx).build().unwrap();
    client.gauge("depth", 4.0);
    client.gauge("depth", -3.0);
    assert!(client.flush());
    assert_eq!(Totals::of(&server).gauges["depth"], -3.0);
}

#[test]
fn what_is_said_often_is_what_is_said_once() {
    let calls: [fn(&StatsdClient); 12] = [
        |c| c.incr("a/b"),
        |c| c.count("a/b", i64::MIN),
        |c| c.gauge("a/b", 0.5),
        |c| c.gauge("a/b", -0.5),
        |c| c.gauge_delta("a/b", 0.5),
        |c| c.timing("a/b", Duration::from_nanos(1)),
        |c| c.timing("a/b", Duration::MAX),
        |c| c.histogram("a/b", 1e-7),
        |c| c.histogram("a/b", -7.0),
        |c| c.distribution("a/b", 1e300),
        |c| c.set("a/b", "ann"),
        |c| c.gauge("a/b", f64::NAN),
    ];
    for flavor in ALL {
        let server = Server::start();
        let client = client(&server, flavor);
        // So near to 1 that no call is left out.
        let sampled = client.with_tags([("lang", "fr")]).with_sample_rate(0.999_999_999).unwrap();
        let say_all = || {
            // All kinds, and all handles, with one name.
            calls.iter().for_each(|call| call(&client));
            calls.iter().for_each(|call| call(&sampled));
            assert!(client.flush());
            // Graphite's tell the time, which goes on meanwhile.
            let without_time = |line: String| match line.rsplit_once(' ') {
                Some((line, epoch)) => {
                    assert!(epoch.parse::<u64>().unwrap() > 1_700_000_000, "{epoch}");
                    line.to_owned()
                }
                None => line,
            };
            server.lines().into_iter().map(without_time).collect::<Vec<_>>()
        };
        let once = say_all();
        assert!(once.len() >= 18, "{flavor:?}: {once:?}");
        for round in 0..50 {
            assert_eq!(say_all(), once, "{flavor:?} in round {round}");
        }
        assert_eq!(client.stats().dropped_lines(DropCause::BadValue), 2 * 51);
    }
}

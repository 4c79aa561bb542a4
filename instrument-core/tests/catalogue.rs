//! The catalogue: what is in it, and how it is written.
#![cfg(feature = "macros")]

use std::borrow::Cow;
use std::time::Duration;

use instrument_core::{
    Buckets, Catalogue, CatalogueEntry, Collector, Counter, Emitter, Family, Gauge, Histogram, InRange,
    LabelValue, LabelVisitor, Labels, MetricKind, Metrics, Red, Registry, Use, build_info, instrument_red,
};

#[derive(LabelValue)]
enum Kind {
    #[expect(dead_code, reason = "it is listed all the same")]
    Hit,
    Miss,
}

#[derive(Labels)]
struct Lookup<'a> {
    kind: Kind,
    tenant: &'a str,
}

const LOOKUP: Lookup<'static> = Lookup { kind: Kind::Miss, tenant: "acme" };

#[derive(Labels)]
struct Finite {
    kind: Kind,
    #[labels(flatten)]
    again: Again,
}

#[derive(Labels)]
struct Again {
    again: Option<InRange<0, 1>>,
}

fn entry<'c>(catalogue: &'c Catalogue, name: &str) -> &'c CatalogueEntry {
    catalogue
        .entries()
        .iter()
        .find(|entry| entry.name == name)
        .unwrap_or_else(|| panic!("no {name} in\n{catalogue}"))
}

/// The lines of this file that ask for a metric.
fn lines(catalogue: &Catalogue, name: &str) -> Vec<u32> {
    let defined_at = &entry(catalogue, name).defined_at;
    assert!(defined_at.iter().all(|line| line.file() == file!()), "{defined_at:?}");
    defined_at.iter().map(|line| line.line()).collect()
}

#[test]
fn an_entry_tells_all_of_a_metric() {
    let registry = Registry::builder().prefix("app").constant_label("region", "eu").build().unwrap();
    let lookup =
        registry.histogram::<Duration>("lookup", "Time of a look-up.").buckets(Buckets::explicit([0.5, 2.0]));
    lookup.labels::<Lookup>().max_series(300).register().unwrap();
    let catalogue = registry.catalogue();
    let entry = entry(&catalogue, "app_lookup_seconds");
    assert_eq!(entry.kind, MetricKind::Histogram);
    assert_eq!(entry.unit.as_deref(), Some("seconds"));
    assert_eq!(entry.help, "Time of a look-up.");
    assert_eq!(entry.value_type, Some("Duration"));
    assert_eq!(entry.bounds, [0.5, 2.0]);
    let labels: Vec<_> = entry.labels.iter().map(|label| (label.name.as_str(), label.values.len())).collect();
    assert_eq!(labels, [("kind", 2), ("tenant", 0)]);
    assert_eq!(entry.constant_labels, [("region".to_owned(), "eu".to_owned())]);
    assert_eq!((entry.max_series, entry.series_at_most()), (300, 300));
}

#[test]
fn values_are_listed_where_they_are_known() {
    let registry = Registry::new();
    registry.counter("finite", "All are known.").labels::<Finite>().register().unwrap();
    registry.state_set::<Kind>("state", "As are states.").register().unwrap();
    registry.state_set::<Kind>("states", "And labels.").labels::<Finite>().register().unwrap();
    registry.counter("lone", "There is none.").register().unwrap();
    Red::register(&registry, "fetch").unwrap();
    Red::builder("send").outcomes(["timeout"]).labels::<Finite>().register(&registry).unwrap();
    let catalogue = registry.catalogue();
    let values = |name: &str| -> Vec<String> {
        let labels = &entry(&catalogue, name).labels;
        labels.iter().map(|label| format!("{}={}", label.name, label.values.join(","))).collect()
    };
    assert_eq!(values("finite_total"), ["kind=hit,miss", "again=,0,1,other"]);
    assert_eq!(values("state"), ["state=hit,miss"]);
    assert_eq!(values("states"), ["kind=hit,miss", "again=,0,1,other", "states=hit,miss"]);
    assert_eq!(values("lone_total"), Vec::<String>::new());
    assert_eq!(values("fetch_duration_seconds"), ["outcome="]);
    let outcomes = "outcome=ok,error,cancelled,panic,timeout,_OTHER";
    assert_eq!(values("send_duration_seconds"), ["kind=hit,miss", "again=,0,1,other", outcomes]);
    assert_eq!(values("send_in_flight"), ["kind=hit,miss", "again=,0,1,other"]);
    let series = |name: &str| entry(&catalogue, name).series_at_most();
    assert_eq!(["finite_total", "state", "states", "lone_total"].map(series), [8, 1, 8, 1]);
    assert_eq!([series("fetch_duration_seconds"), series("send_duration_seconds")], [21, 48]);
}

#[test]
fn too_many_values_are_as_good_as_unknown() {
    #[derive(Labels)]
    struct Account {
        account: InRange<1, 100_000>,
        kind: Kind,
    }

    let registry = Registry::new();
    registry.counter("logins", "Logins.").labels::<Account>().register().unwrap();
    let catalogue = registry.catalogue();
    let labels = &entry(&catalogue, "logins_total").labels;
    assert!(labels[0].values.is_empty());
    assert_eq!(labels[1].values, ["hit", "miss"]);
}

#[test]
fn every_metric_is_defined_where_it_is_asked_for() {
    let registry = Registry::new();
    let here = line!();
    registry.counter("a", "A counter.").register().unwrap();
    registry.gauge("b", "A gauge.").labels::<Lookup>().register().unwrap();
    registry.up_down_counter("c", "An up-down counter.").register().unwrap();
    registry.histogram::<u64>("d", "A histogram.").register().unwrap();
    registry.info("e", "An info.").label("version", "1").register().unwrap();
    registry.state_set::<Kind>("f", "A state set.").register().unwrap();
    Red::register(&registry, "g").unwrap();
    Red::builder("h").help("An operation.").register(&registry).unwrap();
    Use::register(&registry, "i", 1).unwrap();
    Use::builder("j").labels::<Lookup>().register(&registry).unwrap();
    registry.gauge_fn("k", "A gauge that is computed.", || 1.0).register().unwrap();
    build_info!(registry).unwrap();

    let catalogue = registry.catalogue();
    let names = [
        "a_total",
        "b",
        "c",
        "d",
        "e_info",
        "f",
        "g_duration_seconds",
        "h_in_flight",
        "i_saturation",
        "j_errors_total",
        "k",
        "build_info",
    ];
    for (line, name) in (here + 1..).zip(names) {
        assert_eq!(lines(&catalogue, name), [line], "{name}");
    }
}

#[test]
fn fields_and_functions_have_their_own_lines() {
    #[derive(Metrics)]
    struct Service {
        /// Jobs run.
        jobs: Counter,

        /// Look-ups in the cache.
        #[metric(name = "cache_lookups")]
        lookups: Family<Lookup<'static>, Gauge>,
    }
    const FIELDS: u32 = line!() - 6;

    let registry = Registry::new();
    let Service { jobs, lookups } = Service::register(&registry).unwrap();
    jobs.inc();
    assert!(lookups.is_empty());
    let catalogue = registry.catalogue();
    assert_eq!(lines(&catalogue, "jobs_total"), [FIELDS]);
    assert_eq!(lines(&catalogue, "cache_lookups"), [FIELDS + 4]);

    #[instrument_red]
    #[allow(unused)]
    fn alone() {}
    const ALONE: u32 = line!() - 1;

    struct Part;
    #[instrument_red(labels(kind = true))]
    impl Part {
        fn first(&self) {}

        fn second(&self) {}
    }
    const SECOND: u32 = line!() - 2;

    registry.scope(|| {
        alone();
        Part.second();
        Part.first();
    });
    let catalogue = registry.catalogue();
    let functions: Vec<(usize, Vec<u32>)> = catalogue
        .entries()
        .iter()
        .filter(|entry| entry.name == "function_in_flight")
        .map(|entry| (entry.labels.len(), entry.defined_at.iter().map(|line| line.line()).collect()))
        .collect();
    assert_eq!(functions, [(2, vec![ALONE]), (3, vec![SECOND - 2, SECOND])]);
}

#[test]
fn a_metric_that_is_asked_for_twice_has_both_lines() {
    let registry = Registry::new();
    for _ in 0..2 {
        registry.counter("jobs", "Jobs run.").register().unwrap();
    }
    registry.counter("jobs", "Jobs run.").register().unwrap();
    let here = line!();
    assert_eq!(lines(&registry.catalogue(), "jobs_total"), [here - 3, here - 1]);
}

#[test]
fn what_the_library_counts_of_itself_is_defined_in_the_library() {
    let registry = Registry::new();
    let family =
        registry.counter("lookups", "Look-ups.").labels::<Lookup>().max_series(0).register().unwrap();
    family.with(&LOOKUP).inc();
    let catalogue = registry.catalogue();
    let defined_at = &entry(&catalogue, "instrument_overflow_total").defined_at;
    assert!(defined_at[0].file().ends_with("register.rs"), "{defined_at:?}");
}

#[test]
fn json_is_what_another_parser_reads() {
    let registry = Registry::builder().constant_label("region", "eu \"west\"").build().unwrap();
    let nasty = "Quotes \" and \\, tabs\t, lines\nand \u{1} controls, é and 🦀.";
    let sizes = registry
        .histogram::<f64>("sizes", nasty)
        .unit("bytes")
        .buckets(Buckets::explicit([-1.5, 0.0, 1e21]).and_native(3, 160));
    sizes.labels::<Lookup>().register().unwrap();
    registry.up_down_counter("waiting", "Who waits.").register().unwrap();
    let catalogue = registry.catalogue();
    let json: serde_json::Value = serde_json::from_str(&catalogue.to_json()).unwrap();
    let [sizes, waiting] = entry_lines(&catalogue);
    assert_eq!(
        json,
        serde_json::json!({ "metrics": [
            {
                "name": "sizes_bytes",
                "kind": "histogram",
                "unit": "bytes",
                "help": nasty,
                "value_type": "f64",
                "buckets": [-1.5, 0, 1_000_000_000_000_000_000_000_u128 as f64],
                "native_buckets": { "schema": 3, "max_buckets": 160, "zero_threshold": 2_f64.powi(-128) },
                "labels": [{ "name": "kind", "values": ["hit", "miss"] }, { "name": "tenant", "values": null }],
                "constant_labels": { "region": "eu \"west\"" },
                "computed": false,
                "max_series": 10_000,
                "defined_at": [{ "file": file!(), "line": sizes }],
            },
            {
                "name": "waiting",
                "kind": "up_down_counter",
                "unit": null,
                "help": "Who waits.",
                "value_type": null,
                "buckets": null,
                "native_buckets": null,
                "labels": [],
                "constant_labels": { "region": "eu \"west\"" },
                "computed": false,
                "max_series": 10_000,
                "defined_at": [{ "file": file!(), "line": waiting }],
            },
        ] })
    );
    let empty: serde_json::Value = serde_json::from_str(&Registry::new().catalogue().to_json()).unwrap();
    assert_eq!(empty, serde_json::json!({ "metrics": [] }));
}

/// The first line of each entry.
fn entry_lines<const N: usize>(catalogue: &Catalogue) -> [u32; N] {
    let lines: Vec<u32> = catalogue.entries().iter().map(|entry| entry.defined_at[0].line()).collect();
    lines.try_into().unwrap()
}

#[test]
fn markdown_is_a_table_that_no_text_breaks() {
    let registry = Registry::builder().constant_label("region", "a|b").build().unwrap();
    registry
        .counter("finite", "Either | or,\nand <b>not</b> \\ both.")
        .labels::<Finite>()
        .register()
        .unwrap();
    registry
        .histogram::<u64>("sizes", "Sizes.")
        .unit("bytes")
        .buckets(Buckets::linear(10.0, 10.0, 3).and_native(2, 80))
        .register()
        .unwrap();
    let catalogue = registry.catalogue();
    let [finite, sizes] = entry_lines(&catalogue);
    let file = file!();
    let expected = format!(
        "\
| metric | kind | unit | labels | help | defined at |
|---|---|---|---|---|---|
| `finite_total` | counter |  | `kind`: `hit`, `miss`; `again`: ``, `0`, `1`, `other`; `region`: always `a\\|b` (at most 8 series) | Either \\| or, and &lt;b>not&lt;/b> \\\\ both. | {file}:{finite} |
| `sizes_bytes` | histogram of `u64`, 3 buckets up to 10 … 30, at most 80 native buckets of schema 2 | bytes | `region`: always `a\\|b` | Sizes. | {file}:{sizes} |
"
    );
    assert_eq!(catalogue.to_markdown(), expected);
    assert_eq!(catalogue.to_string(), expected);
}

#[test]
fn a_family_that_nobody_has_looked_into_is_listed_as_well() {
    let registry = Registry::new();
    let gauges: Family<Lookup, Histogram<f64>> =
        registry.histogram("unused", "Nothing yet.").labels::<Lookup>().register().unwrap();
    assert!(gauges.is_empty());
    assert_eq!(registry.catalogue().entries().len(), 1);
}

#[test]
fn what_collectors_emit_is_listed_by_what_its_series_show() {
    struct Queues;

    impl Collector for Queues {
        fn collect(&self, emitter: &mut Emitter<'_>) {
            let queues = emitter.gauge("queue_length", "Items that wait.");
            queues.labelled(&[("queue", "in")], 1.0).labelled(&[("queue", "out"), ("shard", "7")], 2.0);
            let doors = emitter.state_set("doors", "Which doors are open.");
            doors
                .labelled(&[("floor", "1")], &[("front", true), ("back", false)])
                .labelled(&[("floor", "2")], &[("back", true), ("side", false)]);
        }
    }

    let registry = Registry::builder().prefix("app").build().unwrap();
    registry.register_collector(Queues);
    registry.gauge("load", "Load.").register().unwrap();
    let catalogue = registry.catalogue();
    let names: Vec<&str> = catalogue.entries().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["app_doors", "app_load", "app_queue_length"]);
    let doors = &catalogue.entries()[0].labels;
    assert_eq!((doors[0].name.as_str(), doors[0].values.len()), ("floor", 0));
    assert_eq!(
        (doors[1].name.as_str(), doors[1].values.join(",")),
        ("app_doors", "front,back,side".to_owned())
    );
    let entry = entry(&catalogue, "app_queue_length");
    let labels: Vec<&str> = entry.labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(labels, ["queue", "shard"]);
    assert!(entry.computed && entry.defined_at.is_empty());
    assert_eq!(entry.max_series, 2);
    assert!(catalogue.to_markdown().contains("| gauge, computed when read |"));
}

#[test]
fn values_of_a_finite_set_that_is_written_by_hand_are_known_by_its_texts() {
    /// Two bits.
    struct Bits(usize);

    impl Labels for Bits {
        const CARDINALITY: Option<usize> = Some(4);

        fn names() -> Vec<&'static str> {
            vec!["high", "low"]
        }

        fn visit(&self, visitor: &mut impl LabelVisitor) {
            Self::texts_at(self.0).iter().for_each(|text| visitor.value(text));
        }

        fn index(&self) -> usize {
            self.0
        }

        fn texts_at(index: usize) -> Vec<Cow<'static, str>> {
            let text = |bit| Cow::Borrowed(if index & bit == 0 { "off" } else { "on" });
            vec![text(2), text(1)]
        }
    }

    let registry = Registry::new();
    registry.counter("bits", "Bits.").labels::<Bits>().register().unwrap().with(&Bits(3)).inc();
    let catalogue = registry.catalogue();
    let entry = entry(&catalogue, "bits_total");
    assert!(entry.labels.iter().all(|label| label.values == ["off", "on"]));
    assert_eq!(entry.series_at_most(), 4);
}

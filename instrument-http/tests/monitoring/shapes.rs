//! What is taken for an operation, by its labels.

use std::convert::Infallible;

use http::{Request, Response};
use instrument_core::{Buckets, LabelValue, Labels, Red, Registry, Use};
use instrument_http::dashboard::Dashboard;
use instrument_http::rules::Rules;
use instrument_http::tower::{RedClientLayer, RedLayer};
use tower::{Layer, ServiceExt, service_fn};

use crate::dashboard::{legends, queries};

#[derive(LabelValue)]
enum Found {
    Hit,
    Miss,
}

#[derive(Labels)]
struct Get {
    outcome: Found,
}

#[derive(Labels)]
struct Said<'a> {
    outcome: &'a str,
}

#[derive(Labels)]
struct Of<'a> {
    job: &'a str,
}

fn has_no_rules(registry: &Registry) -> bool {
    Rules::of(registry).to_yaml().ends_with("rules: []\n")
}

#[test]
fn outcomes_that_are_no_errors_make_no_operation() {
    let registry = Registry::new();
    let gets = registry.histogram::<f64>("cache_get_duration", "").unit("seconds").labels::<Get>();
    let gets = gets.register().unwrap();
    gets.observe(&Get { outcome: Found::Hit }, 0.1);
    gets.observe(&Get { outcome: Found::Miss }, 0.1);
    assert!(has_no_rules(&registry));
    registry.up_down_counter("cache_get_in_flight", "").register().unwrap();
    assert!(has_no_rules(&registry), "none of the outcomes is `ok`");
    let said = registry.histogram::<f64>("answer_duration", "").unit("seconds").labels::<Said<'static>>();
    said.register().unwrap().observe(&Said { outcome: "no" }, 0.1);
    assert!(has_no_rules(&registry), "RED would count those in flight");
}

/// A call of gRPC, and a request of a client: each answers 200.
fn of_calls_and_requests() -> Registry {
    let registry = Registry::new();
    let answer = || service_fn(async |_: Request<String>| Ok::<_, Infallible>(Response::new(String::new())));
    let server = RedLayer::register(&registry).unwrap().layer(answer());
    let client = RedClientLayer::register(&registry).unwrap().layer(answer());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let call = Request::post("/quotes.Quotes/Get").header("content-type", "application/grpc");
    runtime.block_on(server.oneshot(call.body(String::new()).unwrap())).unwrap();
    let request = Request::get("http://example.org/").body(String::new()).unwrap();
    runtime.block_on(client.oneshot(request)).unwrap();
    registry
}

#[test]
fn calls_of_grpc_and_requests_of_a_client_are_operations() {
    let registry = of_calls_and_requests();
    let yaml = Rules::of(&registry).to_yaml();
    for line in [
        "sum by (job, rpc_method) (rate(rpc_server_call_duration_seconds_count[5m]))",
        "(sum by (job, rpc_method) (rate(rpc_server_call_duration_seconds_count{error_type!=\"\"}[5m]))",
        "- alert: RpcServerCallErrorRatioHigh",
        "(sum by (job, server_address) (rate(http_client_request_duration_seconds_count{error_type!=\"\"}[5m]))",
        "- alert: HttpClientRequestErrorRatioHigh",
    ] {
        assert!(yaml.lines().any(|own| own.trim() == line), "{line} is not in\n{yaml}");
    }
    let queries = queries(&Dashboard::of(&registry));
    assert!(queries.iter().any(|query| query.contains("by (job, rpc_method, le) (rate(rpc_server_call_")));
}

#[test]
fn a_service_without_calls_of_grpc_has_no_rules_for_them() {
    let registry = Registry::new();
    RedLayer::register(&registry).unwrap();
    assert!(registry.snapshot().family("rpc_server_call_duration_seconds").is_some());
    assert!(!Rules::of(&registry).to_yaml().contains("rpc_"));
}

#[test]
fn native_buckets_are_asked_where_there_are_no_others() {
    let registry = Registry::new();
    let red = |name, buckets| Red::builder(name).buckets(buckets).register(&registry).unwrap();
    red("native", Buckets::native(3, 160));
    red("of_both", Buckets::latency().and_native(3, 160));
    let selector = "{job=~\"$job\", instance=~\"$instance\"}[$__rate_interval]";
    let quantiles: Vec<_> = queries(&Dashboard::of(&registry))
        .into_iter()
        .filter(|query| query.starts_with("histogram_quantile(0.99"))
        .collect();
    assert_eq!(
        quantiles,
        [
            format!("histogram_quantile(0.99, sum by (job) (rate(native_duration_seconds{selector})))"),
            format!(
                "histogram_quantile(0.99, sum by (job, le) (rate(of_both_duration_seconds_bucket{selector})))"
            ),
        ]
    );
}

#[test]
fn labels_that_prometheus_renames_are_asked_by_their_new_names() {
    let registry = Registry::builder().constant_label("instance", "blue").build().unwrap();
    Red::builder("run").labels::<Of<'static>>().register(&registry).unwrap().with(&Of { job: "backup" });
    Use::register(&registry, "db_pool", 10).unwrap();
    let yaml = Rules::of(&registry).to_yaml();
    assert!(
        yaml.contains("sum by (job, exported_job, exported_instance) (rate(run_duration_seconds_count[5m]))"),
        "{yaml}"
    );
    assert!(yaml.contains("- record: instance_job_exported_instance:db_pool_saturation:avg5m\n"), "{yaml}");
    let legends = legends(&Dashboard::of(&registry));
    assert_eq!(legends.first().unwrap(), "{{job}} {{exported_job}} {{exported_instance}}");
    assert_eq!(legends.last().unwrap(), "{{instance}} {{exported_instance}}");
}

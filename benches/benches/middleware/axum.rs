use axum::Router;
use axum::body::Body;
use axum::routing::get;
use axum_prometheus::{AXUM_HTTP_REQUESTS_DURATION_SECONDS, PrometheusMetricLayerBuilder};
use criterion::Criterion;
use http::Request;
use http_body_util::BodyExt;
use instrument_benches::{LATENCY_BOUNDS_SECONDS, Question};
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tower::Service;

use crate::{ANSWER, PATH, ROUTE, finish};

pub(super) fn ask(criterion: &mut Criterion) {
    let mut question = Question::new(criterion, "middleware_axum");
    question.ask("floor_bare", |_| call(router()));

    let registry = Registry::new();
    let layer = RedLayer::register(&registry).expect("first of their names");
    question.ask("instrument", |_| call(router().layer(layer.clone())));

    let layer = RedLayer::builder().body_sizes(false).register(&Registry::new()).expect("valid names");
    question.ask("instrument_no_sizes", |_| call(router().layer(layer.clone())));

    // Its `pair` has a task of tokio do the upkeep, which is done after each sample here.
    let buckets = Matcher::Full(AXUM_HTTP_REQUESTS_DURATION_SECONDS.to_owned());
    let (layer, handle) = PrometheusMetricLayerBuilder::new()
        .with_metrics_from_fn(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(buckets, &LATENCY_BOUNDS_SECONDS)
                .and_then(PrometheusBuilder::install_recorder)
                .expect("bounds are given and it is the first recorder")
        })
        .build_pair();
    question.ask_and_settle(
        "axum_prometheus",
        |_| call(router().layer(layer.clone())),
        || handle.run_upkeep(),
    );
}

fn router() -> Router {
    Router::new().route(ROUTE, get(async || ANSWER))
}

fn call(mut router: Router) -> impl FnMut() {
    move || {
        let request = Request::get(PATH).body(Body::empty()).expect("a valid path");
        let Ok(response) = finish(router.call(request));
        let body = finish(response.into_body().collect()).expect("a body that does not fail").to_bytes();
        assert_eq!(body.len(), ANSWER.len());
    }
}

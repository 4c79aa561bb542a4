use std::net::TcpListener;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use axum_prometheus::{
    AXUM_HTTP_REQUESTS_DURATION_SECONDS, PrometheusMetricLayer, PrometheusMetricLayerBuilder,
};
use criterion::Criterion;
use http::Request;
use http_body_util::BodyExt;
use instrument_benches::{LATENCY_BOUNDS_SECONDS, Question};
use instrument_core::Registry;
use instrument_http::tower::RedLayer;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tower::Service;

use crate::{ANSWER, PATH, ROUTE, finish};

pub(super) const CONTENDERS: [&str; 4] =
    ["floor_bare", "instrument", "instrument_no_sizes", "axum_prometheus"];

/// Threads share a router, as the connections of a server do.
pub(super) fn ask(criterion: &mut Criterion) {
    let mut question = Question::new(criterion, "middleware_axum");
    for contender in CONTENDERS {
        let (router, peer) = app(contender);
        let settle = || peer.iter().for_each(PrometheusHandle::run_upkeep);
        question.ask_and_settle(contender, |_| call(router.clone()), settle);
    }
}

/// Answers the requests of a listener for ever, on one thread.
pub(super) fn serve(contender: &str, listener: TcpListener) {
    let (router, peer) = app(contender);
    if let Some(peer) = peer {
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                peer.run_upkeep();
            }
        });
    }
    listener.set_nonblocking(true).expect("a socket");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket that does not block");
        axum::serve(listener, router).await.expect("a server that does not stop");
    });
}

/// The app with the middleware of a contender, and what has to do that one's upkeep.
fn app(contender: &str) -> (Router, Option<PrometheusHandle>) {
    let router = Router::new().route(ROUTE, get(async || ANSWER));
    let registry = Registry::new();
    let layer = match contender {
        "floor_bare" => return (router, None),
        "instrument" => RedLayer::register(&registry),
        "instrument_no_sizes" => RedLayer::builder().body_sizes(false).register(&registry),
        _ => {
            let (layer, handle) = peer();
            return (router.layer(layer), Some(handle));
        }
    };
    (router.layer(layer.expect("valid names, and the first of them")), None)
}

/// Its recorder is the process's only one. Its `pair` has a task of tokio do the upkeep, which is done after each sample here.
fn peer() -> (PrometheusMetricLayer<'static>, PrometheusHandle) {
    static PEER: LazyLock<(PrometheusMetricLayer<'static>, PrometheusHandle)> = LazyLock::new(|| {
        let buckets = Matcher::Full(AXUM_HTTP_REQUESTS_DURATION_SECONDS.to_owned());
        let recorder = || {
            PrometheusBuilder::new()
                .set_buckets_for_metric(buckets, &LATENCY_BOUNDS_SECONDS)
                .and_then(PrometheusBuilder::install_recorder)
                .expect("bounds are given and it is the first recorder")
        };
        PrometheusMetricLayerBuilder::new().with_metrics_from_fn(recorder).build_pair()
    });
    PEER.clone()
}

fn call(mut router: Router) -> impl FnMut() {
    move || {
        let request = Request::get(PATH).body(Body::empty()).expect("a valid path");
        let Ok(response) = finish(router.call(request));
        let body = finish(response.into_body().collect()).expect("a body that does not fail").to_bytes();
        assert_eq!(body.len(), ANSWER.len());
    }
}

//! The middleware around services that no server would call in this way.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use instrument_core::Registry;
use instrument_http::tower::{RedLayer, RedService};
use tower::{Layer, Service, ServiceExt, service_fn};

/// Frames that are there at once, and an end that has to be asked for.
#[derive(Default)]
struct Frames(Vec<Frame<Bytes>>);

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready((!self.0.is_empty()).then(|| Ok(self.0.remove(0))))
    }
}

/// The same, but the end shows.
struct EndingFrames(Frames);

impl Body for EndingFrames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        pin!(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.0.is_empty()
    }
}

/// A body that knows its length but not that it has ended.
struct Sized(Option<Bytes>);

impl Body for Sized {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |data| data.len() as u64))
    }
}

fn layered<S>(service: S) -> (RedService<S>, Registry) {
    let registry = Registry::new();
    (RedLayer::register(&registry).unwrap().layer(service), registry)
}

/// A service that answers with a body.
fn answering<B: Body>(
    body: impl Fn() -> B + Clone,
) -> impl Service<Request<()>, Response = Response<B>, Error = Infallible> {
    service_fn(move |_| std::future::ready(Ok(Response::new(body()))))
}

fn request() -> Request<()> {
    Request::new(())
}

/// What was recorded: a line for each series, with its labels in the order of their names, and how many are active.
fn recorded(registry: &Registry) -> (Vec<String>, i64) {
    let snapshot = registry.snapshot();
    let durations = snapshot.family("http_server_request_duration_seconds").unwrap();
    let lines = durations.series().iter().map(|series| {
        let texts = series.labels().filter(|(name, _)| *name != "http_request_method");
        texts.map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    });
    let active = [("http_request_method", "GET"), ("url_scheme", "http")];
    (lines.collect(), snapshot.up_down_counter("http_server_active_requests", &active).unwrap_or(0))
}

fn expect(registry: &Registry, line: &str) {
    assert_eq!(recorded(registry), (vec![line.to_owned()], 0));
}

#[tokio::test]
async fn an_error_instead_of_a_response_is_an_error_of_the_service() {
    let (service, registry) = layered(service_fn(async |_| Err::<Response<String>, _>("no")));
    assert_eq!(service.oneshot(request()).await.unwrap_err(), "no");
    expect(&registry, "service_error http");
}

#[test]
fn a_panic_is_one_though_it_is_caught_and_the_rest_is_dropped_later() {
    async fn broken(_: Request<()>) -> Result<Response<String>, Infallible> {
        panic!("this panic is part of a test");
    }
    let (mut service, registry) = layered(service_fn(broken));
    let mut response = Box::pin(service.call(request()));
    let mut context = Context::from_waker(Waker::noop());
    let poll = AssertUnwindSafe(|| response.as_mut().poll(&mut context).is_ready());
    assert!(catch_unwind(poll).is_err());
    expect(&registry, "panic http");
    drop(response);
    expect(&registry, "panic http");
}

#[test]
fn a_panic_in_the_call_itself_is_one_too() {
    fn broken(_: Request<()>) -> std::future::Ready<Result<Response<String>, Infallible>> {
        panic!("this panic is part of a test");
    }
    let (mut service, registry) = layered(service_fn(broken));
    assert!(catch_unwind(AssertUnwindSafe(|| service.call(request()))).is_err());
    expect(&registry, "panic http");
}

#[tokio::test]
async fn a_request_that_is_dropped_by_a_panic_elsewhere_ends_in_a_panic() {
    let (service, registry) = layered(answering(|| Frames(vec![Frame::data("data".into())])));
    let response = service.oneshot(request()).await.unwrap();
    let outer = AssertUnwindSafe(|| {
        let _response = response;
        panic!("this panic is part of a test");
    });
    assert!(catch_unwind(outer).is_err());
    expect(&registry, "panic 200 http");
}

#[tokio::test]
async fn a_response_that_nobody_wants_is_cancelled_unless_it_has_no_body() {
    let (service, registry) = layered(answering(|| Frames(vec![Frame::data("data".into())])));
    drop(service.oneshot(request()).await);
    expect(&registry, "cancelled 200 http");

    for body in [|| Sized(None), || Sized(Some(Bytes::new()))] {
        let (service, registry) = layered(answering(body));
        let response = service.oneshot(request()).await.unwrap();
        expect(&registry, "200 http");
        drop(response);
        expect(&registry, "200 http");
    }
}

#[tokio::test]
async fn a_body_ends_with_its_last_byte_if_its_length_is_known() {
    let (service, registry) = layered(answering(|| Sized(Some("data".into()))));
    let mut response = service.oneshot(request()).await.unwrap();
    assert_eq!(recorded(&registry), (vec![], 1));
    assert!(response.frame().await.is_some());
    expect(&registry, "200 http");
}

#[tokio::test]
async fn a_body_of_unknown_length_ends_with_its_trailers_or_when_it_says_so() {
    let data = || EndingFrames(Frames(vec![Frame::data("one".into()), Frame::data("two".into())]));
    let (service, registry) = layered(answering(data));
    let mut response = service.oneshot(request()).await.unwrap();
    assert!(response.frame().await.is_some());
    assert_eq!(recorded(&registry), (vec![], 1));
    assert!(response.frame().await.is_some());
    expect(&registry, "200 http");

    let trailers = || Frames(vec![Frame::data("data".into()), Frame::trailers(HeaderMap::new())]);
    let (service, registry) = layered(answering(trailers));
    let mut response = service.oneshot(request()).await.unwrap();
    assert!(response.frame().await.is_some());
    assert_eq!(recorded(&registry), (vec![], 1));
    assert!(response.frame().await.is_some());
    expect(&registry, "200 http");

    let (service, registry) = layered(answering(Frames::default));
    let mut response = service.oneshot(request()).await.unwrap();
    assert_eq!(recorded(&registry), (vec![], 1));
    assert!(response.frame().await.is_none());
    expect(&registry, "200 http");
}

#[tokio::test]
async fn an_answer_to_connect_has_no_body_if_it_says_yes() {
    let (service, registry) = layered(answering(Frames::default));
    let response = service.oneshot(Request::connect("example.org:443").body(()).unwrap()).await.unwrap();
    expect(&registry, "200 http");
    drop(response);
}

#[tokio::test]
async fn the_scheme_is_that_of_the_target_or_the_one_that_is_set() {
    let recorded_scheme = async |set: Option<Scheme>, target: &str| {
        let registry = Registry::new();
        let mut layer = RedLayer::register(&registry).unwrap();
        if let Some(scheme) = set {
            layer = layer.url_scheme(scheme);
        }
        let request = Request::get(target).body(()).unwrap();
        let service = layer.layer(answering(|| Sized(None)));
        service.oneshot(request).await.unwrap();
        recorded(&registry).0.remove(0)
    };
    assert_eq!(recorded_scheme(None, "/").await, "200 http");
    assert_eq!(recorded_scheme(None, "https://example.org/").await, "200 https");
    assert_eq!(recorded_scheme(None, "made-up://example.org/").await, "200 http");
    assert_eq!(recorded_scheme(Some(Scheme::HTTPS), "/").await, "200 https");
    assert_eq!(recorded_scheme(Some(Scheme::HTTP), "https://example.org/").await, "200 http");
}

#[tokio::test]
async fn the_body_is_handed_on_as_it_is() {
    let frames = || Frames(vec![Frame::data("one".into()), Frame::data("two".into())]);
    let (service, _) = layered(answering(frames));
    let body = service.oneshot(request()).await.unwrap().into_body();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "onetwo");

    let (service, _) = layered(answering(|| Sized(Some("data".into()))));
    let body = service.oneshot(request()).await.unwrap().into_body();
    assert_eq!(body.size_hint().exact(), Some(4));
    let mut body = pin!(body);
    assert!(body.frame().await.is_some());
    assert_eq!(body.size_hint().exact(), Some(0));
}

#[test]
fn two_layers_of_a_registry_share_their_metrics() {
    let registry = Registry::new();
    assert!(RedLayer::register(&registry).is_ok());
    assert!(RedLayer::register(&registry).is_ok());
}

#[test]
fn names_that_are_taken_are_an_error() {
    let registry = Registry::new();
    registry.gauge("http_server_active_requests", "").register().unwrap();
    let error = RedLayer::register(&registry).unwrap_err();
    assert!(error.to_string().contains("http_server_active_requests"), "{error}");
}

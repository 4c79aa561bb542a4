//! The middleware of actix, from the other side of a socket.

use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use actix_web::body::{BodySize, MessageBody};
use actix_web::error::ErrorTooManyRequests;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Bytes, Payload};
use actix_web::{App as ActixApp, HttpResponse, HttpServer};
use instrument_core::{Labels as LabelSet, Registry};
use instrument_http::actix::RedMiddleware;
use tokio::sync::mpsc;

use crate::app::{App, Labels};
use crate::client::{connect, read_to, request, request_with, rest, send_get, send_upgrade};
use crate::until;

const REQUEST_SIZE: &str = "http_server_request_body_size_bytes";
const RESPONSE_SIZE: &str = "http_server_response_body_size_bytes";
const GET_STREAM: Labels<'_> =
    &[("http_request_method", "GET"), ("http_route", "/stream"), ("http_response_status_code", "200")];

/// Serves an app with these routes, with the middleware around all of them.
fn serve(routes: fn(&mut web::ServiceConfig)) -> App {
    serve_with(RedMiddleware::register, routes)
}

fn serve_with<F>(
    register: impl FnOnce(&Registry) -> Result<RedMiddleware, instrument_core::Error>,
    routes: F,
) -> App
where
    F: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
{
    let registry = Registry::new();
    let middleware = register(&registry).unwrap();
    let app = move || ActixApp::new().configure(routes.clone()).wrap(middleware.clone());
    let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    App::at(address, registry)
}

/// A body that sends what comes through a channel, and ends when nothing can come any more.
struct Streamed(mpsc::Receiver<io::Result<Bytes>>);

impl MessageBody for Streamed {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Option<io::Result<Bytes>>> {
        self.0.poll_recv(cx)
    }
}

/// A service whose one answer is a body that the test sends.
fn streaming(status: StatusCode) -> (App, mpsc::Sender<io::Result<Bytes>>) {
    let (sender, receiver) = mpsc::channel(1);
    let receiver = Arc::new(Mutex::new(Some(receiver)));
    let answer = move || {
        let body = Streamed(receiver.lock().unwrap().take().expect("there is one request"));
        let mut response = HttpResponse::build(status);
        if status == StatusCode::SWITCHING_PROTOCOLS {
            response.upgrade("websocket");
        }
        std::future::ready(response.body(body))
    };
    let app = serve_with(RedMiddleware::register, move |config| {
        config.route("/stream", web::to(answer.clone()));
    });
    (app, sender)
}

fn with_error<'a>(labels: Labels<'a>, error_type: &'a str) -> Vec<(&'a str, &'a str)> {
    labels.iter().copied().chain([("error_type", error_type)]).collect()
}

#[actix_web::test]
async fn the_route_is_the_pattern_with_those_of_its_scopes() {
    let app = serve(|config| {
        let users = web::scope("/users").route("/{id}", web::get().to(async || "a user"));
        config.service(web::scope("/api").service(users));
    });
    assert_eq!(request(app.address, "GET", "/api/users/7?full=1").await.body, "a user");
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/api/users/{id}"),
        ("http_response_status_code", "200"),
    ])
    .await;
    assert_eq!(app.histogram(RESPONSE_SIZE), (1, 6.0));
    assert_eq!(app.histogram(REQUEST_SIZE), (1, 0.0));
}

#[actix_web::test]
async fn what_anybody_can_send_makes_no_series() {
    let app = serve(|config| {
        config.route("/{id}", web::to(async || "whatever"));
    });
    for number in 0..300 {
        assert_eq!(
            request(app.address, &format!("M{number}"), &format!("/{number}/{number}")).await.status,
            404
        );
        request(app.address, &format!("M{number}"), &format!("/{number}")).await;
    }
    assert_eq!(app.requests(&[("http_request_method", "_OTHER")]), 600);
    assert_eq!(app.requests(&[("http_route", "/{id}"), ("http_response_status_code", "200")]), 300);
    assert_eq!((app.recorded().len(), app.active()), (2, 0), "{:?}", app.recorded());
}

#[actix_web::test]
async fn an_error_is_recorded_by_its_status() {
    let app = serve(|config| {
        let failing = || async { Err::<&str, _>(actix_web::error::ErrorBadGateway("no quote")) };
        config.route("/", web::get().to(failing));
        let refused = from_fn(|_, _| async {
            Err::<actix_web::dev::ServiceResponse, _>(ErrorTooManyRequests("slowly"))
        });
        config.service(web::scope("/refused").wrap(refused).route("", web::get().to(async || "never")));
    });
    assert_eq!(request(app.address, "GET", "/").await.body, "no quote");
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/"),
        ("http_response_status_code", "502"),
        ("error_type", "502"),
    ])
    .await;
    assert_eq!(app.histogram(RESPONSE_SIZE), (1, 8.0));

    assert_eq!(request(app.address, "GET", "/refused").await.status, 429);
    let recorded = app.recorded();
    let refused = recorded.iter().find(|series| series.has(&[("http_response_status_code", "429")])).unwrap();
    assert!(
        refused.has(&[("http_route", "/refused")]),
        "who refused gave no response that tells it: {refused:?}"
    );
    assert!(refused.labels().all(|(name, _)| name != "error_type"), "{refused:?}");
    assert_eq!(app.active(), 0);
}

#[actix_web::test]
async fn a_streamed_answer_is_active_until_its_end_and_one_observation() {
    let (app, sender) = streaming(StatusCode::OK);
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    for chunk in ["first", "second"] {
        sender.send(Ok(chunk.into())).await.unwrap();
        read_to(&mut stream, &format!("{chunk}\r\n")).await;
        assert_eq!((app.active(), app.requests(&[])), (1, 0));
    }
    drop(sender);
    read_to(&mut stream, "0\r\n\r\n").await;
    app.recorded_once(GET_STREAM).await;
    assert_eq!(app.histogram(RESPONSE_SIZE), (1, 11.0));
}

#[actix_web::test]
async fn a_client_that_leaves_has_cancelled_its_request() {
    let (app, sender) = streaming(StatusCode::OK);
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    read_to(&mut stream, "first\r\n").await;
    drop(stream);
    // actix looks whether the client is there when it has something to write.
    while app.active() == 1 && sender.send(Ok("more".into())).await.is_ok() {
        actix_web::rt::task::yield_now().await;
    }
    app.recorded_once(&with_error(GET_STREAM, "cancelled")).await;
}

#[actix_web::test]
async fn a_client_that_leaves_before_the_answer_has_cancelled_it() {
    let app = serve(|config| {
        let quotes = web::scope("/quotes").route("/{id}", web::get().to(pending::<HttpResponse>));
        config.service(web::scope("/api").service(quotes));
    });
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/api/quotes/7").await;
    until("the request is active", || app.active() == 1).await;
    // With a reset: that a client has merely closed its side is no reason for actix to give up.
    stream.set_zero_linger().unwrap();
    drop(stream);
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/api/quotes/{id}"),
        ("error_type", "cancelled"),
    ])
    .await;
}

#[actix_web::test]
async fn a_body_that_fails_is_an_error_of_the_body() {
    let (app, sender) = streaming(StatusCode::OK);
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/stream").await;
    sender.send(Ok("first".into())).await.unwrap();
    sender.send(Err(io::Error::other("the database has gone"))).await.unwrap();
    assert!(!rest(&mut stream).await.ends_with("0\r\n\r\n"));
    app.recorded_once(&with_error(GET_STREAM, "body_error")).await;
}

#[actix_web::test]
async fn a_panic_in_a_handler_is_recorded_and_leaves_nothing_active() {
    async fn broken() -> HttpResponse {
        panic!("this panic is part of a test");
    }
    let app = serve(|config| {
        config.route("/", web::get().to(broken));
    });
    let mut stream = connect(app.address).await;
    send_get(&mut stream, "/").await;
    assert_eq!(rest(&mut stream).await, "");
    app.recorded_once(&[("http_request_method", "GET"), ("http_route", "/"), ("error_type", "panic")]).await;
}

#[actix_web::test]
async fn an_upgraded_connection_ends_the_request_with_its_head() {
    let (app, sender) = streaming(StatusCode::SWITCHING_PROTOCOLS);
    let mut stream = connect(app.address).await;
    send_upgrade(&mut stream, "/stream", "websocket").await;
    read_to(&mut stream, "\r\n\r\n").await;
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/stream"),
        ("http_response_status_code", "101"),
    ])
    .await;
    drop(sender);
}

#[actix_web::test]
async fn an_answer_to_head_or_options_is_recorded_under_that_method() {
    let app = serve(|config| {
        config.route("/", web::head().to(async || HttpResponse::Ok().body("unseen")));
        config.route(
            "/",
            web::method(actix_web::http::Method::OPTIONS).to(async || HttpResponse::NoContent().finish()),
        );
    });
    assert_eq!(request(app.address, "HEAD", "/").await.body, "");
    assert_eq!(app.requests(&[("http_request_method", "HEAD"), ("http_response_status_code", "200")]), 1);
    assert_eq!(request(app.address, "OPTIONS", "/").await.status, 204);
    assert_eq!(app.requests(&[("http_request_method", "OPTIONS"), ("http_response_status_code", "204")]), 1);
    assert_eq!(app.histogram(RESPONSE_SIZE), (2, 0.0));
}

#[actix_web::test]
async fn the_body_of_a_request_is_counted_as_the_app_reads_it() {
    let app = serve(|config| {
        config.route("/read", web::post().to(async |body: Bytes| body));
        config.route("/unread", web::post().to(async |_: Payload| "no thanks"));
    });
    let chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n";
    assert_eq!(request_with(app.address, "POST", "/read", chunks).await.body, "onethree");
    assert_eq!((app.histogram(REQUEST_SIZE), app.histogram(RESPONSE_SIZE)), ((1, 8.0), (1, 8.0)));
    let request = "Content-Length: 4\r\n\r\nfour";
    assert_eq!(request_with(app.address, "POST", "/unread", request).await.body, "no thanks");
    assert_eq!(app.histogram(REQUEST_SIZE), (2, 8.0));
}

#[actix_web::test]
async fn the_builder_excludes_and_adds_labels() {
    #[derive(Debug, LabelSet)]
    struct Extra {
        from_app: bool,
        cached: bool,
    }
    let register = |registry: &Registry| {
        RedMiddleware::builder()
            .exclude_route("/health")
            .labels(|request| Extra { from_app: request.headers().contains_key("x-app"), cached: false })
            .response_labels(|extra, response| extra.cached = response.headers().contains_key("age"))
            .register(registry)
    };
    let app = serve_with(register, |config| {
        config.route("/", web::get().to(async || HttpResponse::Ok().insert_header(("age", "3")).body("old")));
        config.route("/health", web::get().to(async || "fine"));
    });
    request(app.address, "GET", "/health").await;
    request_with(app.address, "GET", "/", "X-App: 1\r\n").await;
    until("the request has ended", || app.active() == 0 && app.requests(&[]) == 1).await;
    assert_eq!(app.requests(&[("from_app", "true"), ("cached", "true")]), 1);
}

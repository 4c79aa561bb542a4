use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::pin;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpServer, rt, web};
use actix_web_prom::{PrometheusMetrics, PrometheusMetricsBuilder};
use criterion::Criterion;
use instrument_benches::Question;
use instrument_core::Registry;
use instrument_http::actix::RedMiddleware;

use crate::{ANSWER, PATH, ROUTE, finish};

pub(super) const CONTENDERS: [&str; 4] =
    ["floor_bare", "instrument", "instrument_no_sizes", "actix_web_prom"];

/// A call makes its request with actix's test kit, which is most of what it takes: see the row without a middleware. Threads have an app each,
/// as those of a server have.
pub(super) fn ask(criterion: &mut Criterion) {
    let mut question = Question::new(criterion, "middleware_actix");
    for contender in CONTENDERS {
        match Middleware::of(contender) {
            Middleware::None => question.ask(contender, |_| call(|| init_service(app()))),
            Middleware::Ours(ours) => {
                question.ask(contender, |_| call(|| init_service(app().wrap(ours.clone()))));
            }
            Middleware::Peer(peer) => {
                question
                    .ask(contender, |_| call(|| init_service(app().wrap(PrometheusMetrics::clone(&peer)))));
            }
        }
    }
}

/// Answers the requests of a listener for ever, on one thread.
pub(super) fn serve(contender: &str, listener: TcpListener) {
    let server = match Middleware::of(contender) {
        Middleware::None => HttpServer::new(app).workers(1).listen(listener).map(HttpServer::run),
        Middleware::Ours(ours) => {
            HttpServer::new(move || app().wrap(ours.clone())).workers(1).listen(listener).map(HttpServer::run)
        }
        Middleware::Peer(peer) => HttpServer::new(move || app().wrap(PrometheusMetrics::clone(&peer)))
            .workers(1)
            .listen(listener)
            .map(HttpServer::run),
    };
    rt::System::new().block_on(server.expect("a socket")).expect("a server that does not stop");
}

enum Middleware {
    None,
    Ours(RedMiddleware),
    /// Its counters are behind an `Arc`, shared by the apps of all threads.
    Peer(Box<PrometheusMetrics>),
}

impl Middleware {
    fn of(contender: &str) -> Self {
        let builder = match contender {
            "floor_bare" => return Self::None,
            "instrument" => RedMiddleware::builder(),
            "instrument_no_sizes" => RedMiddleware::builder().body_sizes(false),
            _ => {
                let peer = PrometheusMetricsBuilder::new("api").build().expect("valid names");
                return Self::Peer(Box::new(peer));
            }
        };
        Self::Ours(builder.register(&Registry::new()).expect("valid names, and the first of them"))
    }
}

fn app() -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>,
> {
    App::new().route(ROUTE, web::get().to(async || ANSWER))
}

fn call<S, B, F>(make: impl FnOnce() -> F) -> impl FnMut()
where
    F: Future<Output = S>,
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let service = rt::System::new().block_on(make());
    move || {
        let request = TestRequest::get().uri(PATH).to_request();
        let response = finish(service.call(request)).expect("an answer");
        let mut body = pin!(response.into_body());
        let mut bytes = 0;
        while let Some(chunk) = finish(poll_fn(|cx| body.as_mut().poll_next(cx))) {
            bytes += chunk.map_or(0, |chunk| chunk.len());
        }
        assert_eq!(bytes, ANSWER.len());
    }
}

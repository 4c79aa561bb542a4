use std::future::poll_fn;
use std::pin::pin;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, rt, web};
use actix_web_prom::PrometheusMetricsBuilder;
use criterion::Criterion;
use instrument_benches::Question;
use instrument_core::Registry;
use instrument_http::actix::RedMiddleware;

use crate::{ANSWER, PATH, ROUTE, finish};

/// A call makes its request with actix's test kit, which is most of what it takes: see the row without a middleware.
pub(super) fn ask(criterion: &mut Criterion) {
    let mut question = Question::new(criterion, "middleware_actix");
    question.ask("floor_bare", |_| call(|| init_service(app())));

    let middleware = RedMiddleware::register(&Registry::new()).expect("first of their names");
    question.ask("instrument", |_| call(|| init_service(app().wrap(middleware.clone()))));

    let builder = RedMiddleware::builder().body_sizes(false);
    let middleware = builder.register(&Registry::new()).expect("valid names");
    question.ask("instrument_no_sizes", |_| call(|| init_service(app().wrap(middleware.clone()))));

    // Its counters are behind an `Arc`, shared by the apps of all threads.
    let peer = PrometheusMetricsBuilder::new("api").build().expect("valid names");
    question.ask("actix_web_prom", |_| call(|| init_service(app().wrap(peer.clone()))));
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

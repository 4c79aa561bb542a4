use std::cell::OnceCell;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ResourceMap, ResponseHead, Service, ServiceRequest, ServiceResponse};
use instrument_core::__private::Shared;

use super::head::Searched;
use super::payload::received;
use super::{RedBody, RedFuture};
use crate::red::{Served, Watch};

/// A service whose requests are recorded. Made by [`RedMiddleware`](super::RedMiddleware), which one
/// gives to [`App::wrap`](actix_web::App::wrap): nobody has to name it.
#[derive(Debug)]
pub struct RedService<S> {
    pub(super) inner: S,
    pub(super) watch: Option<Shared<Watch<ServiceRequest, ResponseHead>>>,
    pub(super) is_https: Option<bool>,
    /// The routes of the app, from the first request on.
    pub(super) resources: OnceCell<Rc<ResourceMap>>,
}

impl<S, B> Service<ServiceRequest> for RedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<RedBody<B>>;
    type Error = Error;
    type Future = RedFuture<S::Future>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let late_route = || {
            let resources = self.resources.get_or_init(|| Rc::new(request.resource_map().clone()));
            Some(Searched { resources: Rc::clone(resources), target: request.uri().clone() })
        };
        let watch = self.watch.as_ref();
        let mut exchange = watch.and_then(|watch| Served::start(watch, &request, self.is_https, late_route));
        if let Some(started) = &mut exchange {
            started.record().set_received(received(&mut request));
        }
        RedFuture::new(self.inner.call(request), exchange)
    }
}

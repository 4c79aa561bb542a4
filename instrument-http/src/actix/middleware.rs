use std::cell::OnceCell;
use std::fmt::Debug;
use std::future::{Ready, ready};

use actix_web::Error as ActixError;
use actix_web::body::MessageBody;
use actix_web::dev::{ResponseHead, Service, ServiceRequest, ServiceResponse, Transform};
use instrument_core::__private::Shared;
use instrument_core::{Error, Labels, Registry};

use super::{RedBody, RedService};
use crate::red::{DURATION, RedBuilder, Watch, count_failure};

/// Records rate, errors and duration of all requests that go through it. See the [module](super) for what is recorded.
///
/// Wrap the whole app in it, after all else: it sees every request there, those without a route too. A server makes an app for each of its
/// threads, and so a middleware; those of one registry record into the same metrics.
///
/// ```no_run
/// use actix_web::{App, HttpServer, web};
/// use instrument_http::actix::RedMiddleware;
///
/// # async fn serve() -> std::io::Result<()> {
/// HttpServer::new(|| {
///     let users = web::scope("/users").route("/{id}", web::get().to(async || "a user"));
///     App::new().service(users).wrap(RedMiddleware::new()) // http_route="/users/{id}"
/// })
/// .bind(("127.0.0.1", 8080))?
/// .run()
/// .await
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RedMiddleware {
    /// Nothing if they could not be registered.
    watch: Option<Shared<Watch<ServiceRequest, ResponseHead>>>,
    is_https: Option<bool>,
}

/// What a [`RedMiddleware`] records, and of which requests. See [`RedBuilder`].
///
/// ```
/// use instrument_http::actix::{RedMiddleware, RedMiddlewareBuilder};
///
/// let builder: RedMiddlewareBuilder = RedMiddleware::builder();
/// ```
pub type RedMiddlewareBuilder<X = ()> = RedBuilder<ServiceRequest, ResponseHead, X>;

impl RedMiddleware {
    /// A middleware that records into [`Registry::global`].
    ///
    /// Should the names of its metrics be taken there by others, it records nothing and counts that in
    /// `instrument_registration_errors_total`. Use [`register`](Self::register) to see the error.
    #[must_use]
    pub fn new() -> Self {
        Self::register(Registry::global()).unwrap_or_else(|_| {
            count_failure(Registry::global(), DURATION);
            Self { watch: None, is_https: None }
        })
    }

    /// Says more of what to record: buckets, labels of your own, requests to leave out, and others.
    ///
    /// ```
    /// use instrument_core::{Labels, Registry};
    /// use instrument_http::actix::RedMiddleware;
    ///
    /// #[derive(Debug, Labels)]
    /// struct Extra {
    ///     from_app: bool,
    /// }
    ///
    /// let middleware = RedMiddleware::builder()
    ///     .exclude_route("/health")
    ///     .labels(|request| Extra { from_app: request.headers().contains_key("x-app") })
    ///     .register(&Registry::new())?;
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn builder() -> RedMiddlewareBuilder {
        RedBuilder::new()
    }

    /// A middleware that records into a registry.
    ///
    /// ```
    /// use actix_web::{App, web};
    /// use instrument_core::Registry;
    /// use instrument_http::actix::RedMiddleware;
    ///
    /// let registry = Registry::builder().prefix("shop").build()?;
    /// let app = App::new().route("/", web::get().to(async || "Hello")).wrap(RedMiddleware::register(&registry)?);
    /// assert!(registry.snapshot().family("shop_http_server_active_requests").is_some());
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When another metric of the registry has one of the names, see [`Error`].
    pub fn register(registry: &Registry) -> Result<Self, Error> {
        Self::builder().register(registry)
    }

    /// Says whether `url_scheme` is `https`, as behind a proxy that takes the encryption off, or `http`.
    ///
    /// ```
    /// use instrument_http::actix::RedMiddleware;
    ///
    /// let middleware = RedMiddleware::new().https(true);
    /// ```
    #[must_use]
    pub fn https(mut self, is_https: bool) -> Self {
        self.is_https = Some(is_https);
        self
    }
}

impl<X: Labels + Debug + Send + Sync + 'static> RedMiddlewareBuilder<X> {
    /// A middleware that records into a registry.
    ///
    /// # Errors
    ///
    /// When another metric of the registry has one of the names, or when a prefix, buckets or labels break a rule. See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<RedMiddleware, Error> {
        Ok(RedMiddleware { watch: Some(self.watch(registry)?), is_https: None })
    }
}

impl Default for RedMiddleware {
    fn default() -> Self {
        Self::new()
    }
}

impl<S, B> Transform<S, ServiceRequest> for RedMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = ActixError>,
    B: MessageBody,
{
    type Response = ServiceResponse<RedBody<B>>;
    type Error = ActixError;
    type Transform = RedService<S>;
    type InitError = ();
    type Future = Ready<Result<RedService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(RedService {
            inner,
            watch: self.watch.clone(),
            is_https: self.is_https,
            resources: OnceCell::new(),
        }))
    }
}

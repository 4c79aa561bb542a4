use std::fmt::Debug;

use http::uri::Scheme;
use http::{request, response};
use instrument_core::__private::Shared;
use instrument_core::{Error, Labels, Registry};
use tower_layer::Layer;

use super::RedService;
use crate::red::{DURATION, RedBuilder, Watch, count_failure};

/// Records rate, errors and duration of all requests that go through it. See the [module](super) for what is recorded.
///
/// # Where it goes
///
/// With axum, put it around the whole router, by [`Router::layer`](https://docs.rs/axum/latest/axum/struct.Router.html#method.layer) after
/// all routes. It sees every request there, those without a route too, and the routes of nested routers in full.
///
/// ```
/// use axum::{Router, routing::get};
/// use instrument_http::tower::RedLayer;
///
/// let users = Router::new().route("/{id}", get(async || "a user"));
/// let app: Router = Router::new().nest("/users", users).layer(RedLayer::new()); // http_route="/users/{id}"
/// ```
///
/// A layer that is not in the router (around it, or around a router that is mounted by `nest_service`) comes before
/// the route is found. The router can tell it afterwards, in the response's extensions:
///
/// ```
/// use axum::extract::{MatchedPath, Request};
/// use axum::middleware::{self, Next};
/// use axum::response::Response;
/// use axum::{Router, routing::get};
/// use instrument_http::tower::RedLayer;
///
/// async fn tell_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
///     let mut response = next.run(request).await;
///     if let Some(route) = route {
///         response.extensions_mut().insert(route);
///     }
///     response
/// }
///
/// let users = Router::new().route("/{id}", get(async || "a user")).layer(middleware::from_fn(tell_route));
/// let app: Router = Router::new().nest_service("/users", users).layer(RedLayer::new());
/// ```
#[derive(Debug, Clone)]
pub struct RedLayer {
    /// Nothing if they could not be registered.
    watch: Option<Shared<Watch<request::Parts, response::Parts>>>,
    is_https: Option<bool>,
}

/// What a [`RedLayer`] records, and of which requests. See [`RedBuilder`].
///
/// ```
/// use instrument_http::tower::{RedLayer, RedLayerBuilder};
///
/// let builder: RedLayerBuilder = RedLayer::builder();
/// ```
pub type RedLayerBuilder<X = ()> = RedBuilder<request::Parts, response::Parts, X>;

impl RedLayer {
    /// A layer that records into [`Registry::global`].
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
    /// use axum::{Router, routing::get};
    /// use instrument_core::{Buckets, Registry};
    /// use instrument_http::tower::RedLayer;
    ///
    /// let registry = Registry::new();
    /// let layer = RedLayer::builder()
    ///     .buckets(Buckets::latency().and_native(3, 160))
    ///     .exclude_route("/health")
    ///     .register(&registry)?;
    /// let app: Router = Router::new().route("/health", get(async || "fine")).layer(layer);
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn builder() -> RedLayerBuilder {
        RedBuilder::new()
    }

    /// A layer that records into a registry.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use instrument_core::Registry;
    /// use instrument_http::tower::RedLayer;
    ///
    /// let registry = Registry::builder().prefix("shop").build()?;
    /// let app: Router = Router::new().route("/", get(async || "Hello")).layer(RedLayer::register(&registry)?);
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

    /// Says what stands in `url_scheme`: `https` for [`Scheme::HTTPS`], and `http` for any other.
    ///
    /// Without it the scheme is that of the request's target, which HTTP/2 clients send; and `http` for a target without one, as
    /// HTTP/1.1 has it.
    ///
    /// ```
    /// use http::uri::Scheme;
    /// use instrument_http::tower::RedLayer;
    ///
    /// // Behind a proxy that takes the encryption off.
    /// let layer = RedLayer::new().url_scheme(Scheme::HTTPS);
    /// ```
    #[must_use]
    pub fn url_scheme(mut self, scheme: Scheme) -> Self {
        self.is_https = Some(scheme == Scheme::HTTPS);
        self
    }
}

impl<X: Labels + Debug + Send + Sync + 'static> RedLayerBuilder<X> {
    /// A layer that records into a registry.
    ///
    /// # Errors
    ///
    /// When another metric of the registry has one of the names, or when a prefix, buckets or labels break a rule. See [`Error`].
    pub fn register(self, registry: &Registry) -> Result<RedLayer, Error> {
        Ok(RedLayer { watch: Some(self.watch(registry)?), is_https: None })
    }
}

impl Default for RedLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for RedLayer {
    type Service = RedService<S>;

    fn layer(&self, inner: S) -> RedService<S> {
        RedService { inner, watch: self.watch.clone(), is_https: self.is_https }
    }
}

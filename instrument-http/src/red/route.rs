use std::fmt;
use std::sync::Arc;

/// The template of the route that a request took, such as `/users/{id}`: never its path, of which there are as many as anybody likes to
/// ask for.
///
/// With the feature `axum`, the routes of an axum `Router` are found without it. Elsewhere, whoever knows the route puts it into
/// the extensions of the request, before the middleware sees it, or of the response. The response's goes first.
///
/// ```
/// use http::{Request, Response};
/// use instrument_http::tower::{RedLayer, Route};
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let registry = instrument_core::Registry::new();
/// let service = ServiceBuilder::new().layer(RedLayer::register(&registry)?).service(service_fn(
///     |request: Request<()>| async move {
///         let mut response = Response::new(String::new());
///         if request.uri().path().starts_with("/users/") {
///             response.extensions_mut().insert(Route::from("/users/{id}"));
///         }
///         Ok::<_, std::convert::Infallible>(response)
///     },
/// ));
/// service.oneshot(Request::get("/users/7").body(())?).await?;
///
/// let labels = [
///     ("http_request_method", "GET"),
///     ("http_route", "/users/{id}"),
///     ("http_response_status_code", "200"),
///     ("url_scheme", "http"),
/// ];
/// let requests = registry.snapshot();
/// assert_eq!(requests.histogram("http_server_request_duration_seconds", &labels).unwrap().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Route(Template);

#[derive(Clone)]
enum Template {
    Static(&'static str),
    Shared(Arc<str>),
    Owned(String),
    #[cfg(feature = "axum")]
    Matched(axum::extract::MatchedPath),
}

impl Route {
    /// The template.
    ///
    /// ```
    /// use instrument_http::tower::Route;
    ///
    /// assert_eq!(Route::from("/users/{id}").as_str(), "/users/{id}");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Template::Static(template) => template,
            Template::Shared(template) => template,
            Template::Owned(template) => template,
            #[cfg(feature = "axum")]
            Template::Matched(path) => path.as_str(),
        }
    }
}

#[cfg(feature = "axum")]
impl From<axum::extract::MatchedPath> for Route {
    fn from(path: axum::extract::MatchedPath) -> Self {
        Self(Template::Matched(path))
    }
}

impl From<&'static str> for Route {
    fn from(template: &'static str) -> Self {
        Self(Template::Static(template))
    }
}

impl From<Arc<str>> for Route {
    fn from(template: Arc<str>) -> Self {
        Self(Template::Shared(template))
    }
}

impl From<String> for Route {
    fn from(template: String) -> Self {
        Self(Template::Owned(template))
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Route").field(&self.as_str()).finish()
    }
}

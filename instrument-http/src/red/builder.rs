use std::fmt;
use std::fmt::Debug;
use std::marker::PhantomData;

use instrument_core::__private::{Shared, shared};
use instrument_core::{Buckets, Error, Labels, Registry};

use super::active::Active;
use super::head::RequestHead;
use super::method::KnownMethods;
use super::metrics::{DURATION, Extra, Histograms};
use super::rpc::RpcMetrics;
use super::settings::Settings;
use super::watch::{Rules, Watch};

/// What a middleware records, and of which requests. Its last call is `register`.
///
/// `Q` and `S` are what its functions see of a request and of a response, and `X` are the labels that they add. Get one
/// from [`RedLayer::builder`](crate::tower::RedLayer::builder) or [`RedMiddleware::builder`](crate::actix::RedMiddleware::builder).
///
/// ```
/// use instrument_core::{Buckets, Registry};
/// use instrument_http::tower::RedLayer;
///
/// let registry = Registry::new();
/// let layer = RedLayer::builder()
///     .prefix("shop")
///     .buckets(Buckets::explicit([0.1, 0.3, 1.0]))
///     .body_sizes(false)
///     .exclude_route("/health")
///     .register(&registry)?;
/// assert!(registry.snapshot().family("shop_http_server_request_duration_seconds").is_some());
/// # Ok::<(), instrument_core::Error>(())
/// ```
#[must_use = "nothing is recorded before `register`"]
pub struct RedBuilder<Q, S, X = ()> {
    settings: Settings,
    rules: Rules<Q, S>,
    labels: PhantomData<fn() -> X>,
}

impl<Q, S> RedBuilder<Q, S> {
    pub(crate) fn new() -> Self {
        let rules =
            Rules { excluded_routes: Vec::new(), excluded: Vec::new(), labels: None, response_labels: None };
        Self { settings: Settings::default(), rules, labels: PhantomData }
    }

    /// Adds labels to the durations and sizes of requests: those of a type of your own, which a function makes of the request's head.
    ///
    /// The function is called for each request that is recorded, before the service is. It may be kept for longer than the layer: what it owns must not be waited for. The labels are boxed, which is one allocation. Who takes them from what
    /// clients send makes as many series as clients like, up to [`max_series`](Self::max_series).
    ///
    /// ```
    /// use http::request::Parts;
    /// use instrument_core::{LabelValue, Labels, Registry};
    /// use instrument_http::tower::RedLayer;
    ///
    /// #[derive(Debug, LabelValue)]
    /// enum Client {
    ///     App,
    ///     Other,
    /// }
    ///
    /// #[derive(Debug, Labels)]
    /// struct Extra {
    ///     client: Client,
    ///     cached: bool,
    /// }
    ///
    /// let layer = RedLayer::builder()
    ///     .labels(|request: &Parts| Extra {
    ///         client: if request.headers.contains_key("x-app") { Client::App } else { Client::Other },
    ///         cached: false,
    ///     })
    ///     .response_labels(|extra, response| extra.cached = response.headers.contains_key("age"))
    ///     .register(&Registry::new())?;
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn labels<X>(self, labels: impl Fn(&Q) -> X + Send + Sync + 'static) -> RedBuilder<Q, S, X>
    where
        X: Labels + Debug + Send + Sync + 'static,
    {
        let rules = Rules { labels: Some(Box::new(move |head| Box::new(labels(head)))), ..self.rules };
        RedBuilder { settings: self.settings, rules, labels: PhantomData }
    }
}

impl<Q: 'static, S: 'static, X: Labels + Debug + Send + Sync + 'static> RedBuilder<Q, S, X> {
    /// Completes the labels when the response is there, by its head. A request without a response keeps what
    /// [`labels`](RedBuilder::labels) has made, and so does one that actix answers by an `Err`.
    pub fn response_labels(mut self, complete: impl Fn(&mut X, &S) + Send + Sync + 'static) -> Self {
        self.rules.response_labels = Some(Box::new(move |extra: &mut Extra, head| {
            if let Some(extra) = extra.downcast_mut() {
                complete(extra, head);
            }
        }));
        self
    }

    /// Puts a word and `_` before the name of each metric.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.prefix = Some(prefix.into());
        self
    }

    /// Sets the buckets of durations, in seconds. They are [`Buckets::latency`] without it, those of OpenTelemetry.
    pub fn buckets(mut self, buckets: Buckets) -> Self {
        self.settings.duration_buckets = buckets;
        self
    }

    /// Sets the buckets of the sizes of bodies, in bytes. They end at 0 and at 256 B to 64 MiB in steps of 4 without it.
    pub fn size_buckets(mut self, buckets: Buckets) -> Self {
        self.settings.size_buckets = buckets;
        self
    }

    /// Says whether the sizes of bodies are recorded, which they are without it.
    pub fn body_sizes(mut self, body_sizes: bool) -> Self {
        self.settings.body_sizes = body_sizes;
        self
    }

    /// Sets how many series each metric has at most; 10,000 without it. The family's [overflow](instrument_core::Family#bounds) takes
    /// the rest.
    pub fn max_series(mut self, max_series: usize) -> Self {
        self.settings.max_series = max_series;
        self
    }

    /// Sets which methods may stand in `http_request_method`; all others are `_OTHER`. Case matters.
    ///
    /// Without it they are those in the environment variable `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`, separated by commas; and without that
    /// the methods of RFC 9110, `PATCH` and `QUERY`.
    pub fn known_methods<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        self.settings.known_methods = Some(boxed(methods));
        self
    }

    /// Names the methods of gRPC, as `package.Service/Method`, that may stand in `rpc_method`; all others are `_OTHER`, but for
    /// those whose [`Route`](super::Route) is known and is that of one method.
    pub fn rpc_methods<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        self.settings.rpc_methods = boxed(methods);
        self
    }

    /// Leaves out the requests of a route, by its template. Can be called more than once.
    ///
    /// Should the route be known by the response alone, the request is active until then.
    pub fn exclude_route(mut self, route: impl Into<String>) -> Self {
        self.rules.excluded_routes.push(route.into().into());
        self
    }

    /// Leaves out the requests of which a function says `true`. Can be called more than once.
    ///
    /// ```
    /// use http::request::Parts;
    /// use instrument_core::Registry;
    /// use instrument_http::tower::RedLayer;
    ///
    /// let layer = RedLayer::builder()
    ///     .exclude(|request: &Parts| request.headers.contains_key("x-probe"))
    ///     .register(&Registry::new())?;
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    pub fn exclude(mut self, excludes: impl Fn(&Q) -> bool + Send + Sync + 'static) -> Self {
        self.rules.excluded.push(Box::new(excludes));
        self
    }

    pub(crate) fn watch(self, registry: &Registry) -> Result<Shared<Watch<Q, S>>, Error>
    where
        Q: RequestHead,
    {
        let settings = self.settings;
        let histograms = Histograms::<X>::register(registry, &settings)?;
        let methods = KnownMethods::given(settings.known_methods.clone());
        let active = Active::register(registry, &settings, &methods)?;
        let rpc = if Q::MAY_BE_RPC { Some(RpcMetrics::register(registry, &settings)?) } else { None };
        let watch = Watch { methods, active, histograms: Box::new(histograms), rpc, rules: self.rules };
        shared(watch, &settings.name(DURATION))
    }
}

fn boxed<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Vec<Box<str>> {
    texts.into_iter().map(|text| text.into().into_boxed_str()).collect()
}

impl<Q, S, X> fmt::Debug for RedBuilder<Q, S, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

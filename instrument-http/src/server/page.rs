#[cfg(feature = "page")]
use http::{HeaderValue, StatusCode, header::LOCATION};
use http::{Request, Response};

#[cfg(feature = "page")]
use crate::page::LivePage;
use crate::service::MetricsBody;

/// What is beside the metrics: the live page at the root of the endpoint, or nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    #[cfg(feature = "page")]
    root: Option<Root>,
}

#[cfg(feature = "page")]
#[derive(Debug, Clone)]
struct Root {
    /// The prefix with a slash after it.
    path: String,
    /// From the prefix alone to there: links on the page are seen from behind the slash.
    redirect: Option<HeaderValue>,
    page: LivePage,
}

#[cfg(feature = "page")]
impl Page {
    /// Nothing if the metrics have that place themselves.
    pub(super) fn new(prefix: &str, metrics_path: &str) -> Self {
        let last = prefix.rsplit_once('/').map(|(_, last)| format!("./{last}/"));
        let root = Root {
            path: format!("{prefix}/"),
            // With a dot, both, so that no part of a path is taken for a scheme or a host.
            redirect: last.and_then(|last| HeaderValue::try_from(last).ok()),
            page: LivePage::new(format!(".{metrics_path}")),
        };
        Self { root: (metrics_path != "/").then_some(root) }
    }
}

impl Page {
    /// The answer to a request for it.
    #[cfg_attr(not(feature = "page"), expect(clippy::unused_self, unused_variables))]
    pub(super) fn answer<B>(&self, request: &Request<B>) -> Option<Response<MetricsBody>> {
        #[cfg(feature = "page")]
        if let Some(root) = &self.root {
            let path = request.uri().path();
            if path == root.path {
                return Some(root.page.respond(request.method(), request.headers()));
            }
            if let (Some(to), Some("/")) = (&root.redirect, root.path.strip_prefix(path)) {
                return Some(redirect(to));
            }
        }
        None
    }

    /// An answer that wants credentials: for a browser that is where the page is, it is the page, which asks for them.
    #[cfg_attr(not(feature = "page"), expect(clippy::unused_self, unused_variables))]
    pub(super) fn asking_for_credentials<B>(
        &self,
        refusal: Response<MetricsBody>,
        request: &Request<B>,
    ) -> Response<MetricsBody> {
        #[cfg(feature = "page")]
        if let Some(root) = &self.root
            && request.uri().path() == root.path
        {
            return root.page.shown_for(refusal, request);
        }
        refusal
    }
}

#[cfg(feature = "page")]
fn redirect(to: &HeaderValue) -> Response<MetricsBody> {
    let mut response = Response::new(MetricsBody::default());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, to.clone());
    response
}

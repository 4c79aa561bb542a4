use std::fmt;

use super::Route;
use super::active::Active;
use super::head::RequestHead;
use super::method::KnownMethods;
use super::metrics::{Extra, Observe};
use super::rpc::{Call, RpcMetrics};

/// What a server records of its requests, and of which.
pub struct Watch<Q, S> {
    pub(super) methods: KnownMethods,
    pub(super) active: Active,
    pub(super) histograms: Box<dyn Observe>,
    pub(super) rpc: Option<RpcMetrics>,
    pub(super) rules: Rules<Q, S>,
}

/// What a [`RedBuilder`](super::RedBuilder) is told of the requests.
pub(super) struct Rules<Q, S> {
    pub(super) excluded_routes: Vec<Box<str>>,
    pub(super) excluded: Vec<Predicate<Q>>,
    pub(super) labels: Option<MakeLabels<Q>>,
    pub(super) response_labels: Option<CompleteLabels<S>>,
}

type Predicate<Q> = Box<dyn Fn(&Q) -> bool + Send + Sync>;
type MakeLabels<Q> = Box<dyn Fn(&Q) -> Extra + Send + Sync>;
type CompleteLabels<S> = Box<dyn Fn(&mut Extra, &S) + Send + Sync>;

impl<Q, S> Watch<Q, S> {
    pub(super) fn excludes(&self, head: &Q) -> bool {
        self.rules.excluded.iter().any(|excludes| excludes(head))
    }

    /// Whether the route decides if a request is recorded.
    pub(super) fn needs_routes(&self) -> bool {
        !self.rules.excluded_routes.is_empty()
    }

    pub(super) fn excludes_route(&self, route: Option<&Route>) -> bool {
        self.needs_routes()
            && route.is_some_and(|route| {
                self.rules.excluded_routes.iter().any(|other| **other == *route.as_str())
            })
    }

    /// The labels that the service adds to a request. Without any it allocates nothing, as `()` has no size.
    pub(super) fn extra(&self, head: &Q) -> Extra {
        match &self.rules.labels {
            Some(labels) => labels(head),
            None => Box::new(()),
        }
    }

    /// The same when the response is there.
    pub(super) fn complete(&self, extra: &mut Extra, head: &S) {
        if let Some(complete) = &self.rules.response_labels {
            complete(extra, head);
        }
    }
}

impl<Q: RequestHead, S> Watch<Q, S> {
    /// The gRPC call that a request is.
    pub(super) fn call(&self, head: &Q) -> Option<Call> {
        Some(self.rpc.as_ref()?.start(head.rpc_path()?))
    }
}

impl<Q, S> fmt::Debug for Watch<Q, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("histograms", &self.histograms).finish_non_exhaustive()
    }
}

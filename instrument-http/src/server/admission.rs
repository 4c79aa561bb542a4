use std::future::ready;
use std::net::IpAddr;
use std::pin::Pin;

use tokio::sync::OwnedSemaphorePermit;

use super::access::Networks;
use super::crowd::{Crowd, Member};
use super::limits::{MAX_REFUSALS, Places};
use super::refusal::Refusal;
use super::telemetry::{Reason, Telemetry};

/// Decides what becomes of a connection.
///
/// Those that are refused have few places of their own, so that they take none from the others.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    networks: Networks,
    crowd: Crowd,
    refusals: Places,
    telemetry: Telemetry,
}

/// A connection that gets a place.
pub(super) type Joining = Pin<Box<dyn Future<Output = Option<Member>> + Send>>;

pub(super) enum Decision {
    /// It is served, if need be when another has left.
    Serve(Joining),
    /// It gets this one answer.
    Refuse(Refusal, OwnedSemaphorePermit),
    /// It is closed.
    Drop,
}

impl Admission {
    pub(super) fn new(networks: Networks, max_connections: usize, telemetry: Telemetry) -> Self {
        Self { networks, crowd: Crowd::new(max_connections), refusals: Places::new(MAX_REFUSALS), telemetry }
    }

    /// Decides at once: who waits for a place would fill the system's queue, where those who may come in wait too.
    pub(super) fn decide(&self, peer: Option<IpAddr>) -> Decision {
        let (refusal, reason) = if peer.is_some_and(|peer| !self.networks.contain(peer)) {
            (Refusal::Forbidden, Reason::Network)
        } else if let Some(member) = self.crowd.try_join() {
            return Decision::Serve(Box::pin(ready(Some(member))));
        } else if let Some(joining) = self.crowd.make_room() {
            self.telemetry.refuse(Reason::Connections);
            return Decision::Serve(Box::pin(joining));
        } else if let Some(member) = self.crowd.try_join() {
            // Who has left meanwhile made room as well.
            return Decision::Serve(Box::pin(ready(Some(member))));
        } else {
            (Refusal::Busy, Reason::Connections)
        };
        self.telemetry.refuse(reason);
        self.refusals.try_take().map_or(Decision::Drop, |place| Decision::Refuse(refusal, place))
    }

    pub(super) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// Waits until no connection is open any more.
    pub(super) async fn all_closed(&self) {
        self.crowd.all_left().await;
        self.refusals.all_free().await;
    }
}

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use super::limits::Places;
use super::under_way::UnderWay;

/// The connections that are served, each in a place. When there is none left, one that is idle gives way.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    places: Places,
    members: Arc<Mutex<Vec<UnderWay>>>,
}

/// A connection that is served.
#[derive(Debug)]
pub(super) struct Member {
    crowd: Crowd,
    under_way: UnderWay,
    place: Option<OwnedSemaphorePermit>,
}

impl Crowd {
    pub(super) fn new(places: usize) -> Self {
        Self { places: Places::new(places), members: Arc::default() }
    }

    /// Takes one more in if there is a place.
    pub(super) fn try_join(&self) -> Option<Member> {
        self.places.try_take().map(|place| self.join(place))
    }

    /// Has the one that has been idle for longest leave, unless all are busy. Its place is to come: nobody else gets it.
    pub(super) fn make_room(&self) -> Option<impl Future<Output = Option<Member>> + Send + 'static> {
        let mut idle: Vec<_> = {
            let members = self.members();
            members.iter().filter_map(|member| Some((member.idle_since()?, member.clone()))).collect()
        };
        idle.sort_unstable_by_key(|(since, _)| *since);
        // One may be busy again by now.
        let place = idle.iter().find_map(|(_, member)| member.give_way())?;
        let crowd = self.clone();
        Some(async move { place.await.ok().map(|place| crowd.join(place)) })
    }

    fn join(&self, place: OwnedSemaphorePermit) -> Member {
        let under_way = UnderWay::default();
        self.members().push(under_way.clone());
        Member { crowd: self.clone(), under_way, place: Some(place) }
    }

    /// Waits until nobody is served any more.
    pub(super) async fn all_left(&self) {
        self.places.all_free().await;
    }

    fn members(&self) -> MutexGuard<'_, Vec<UnderWay>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    pub(super) fn under_way(&self) -> &UnderWay {
        &self.under_way
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.crowd.members().retain(|member| !member.is(&self.under_way));
        if let Some(place) = self.place.take() {
            self.under_way.leave(place);
        }
    }
}

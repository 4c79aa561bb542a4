//! Pages that several scrapes share: all of it is kept, so that each may read it at its own pace.

mod page;
mod reader;

pub(crate) use self::reader::Reader;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use instrument_core::Registry;
use tokio::runtime::Handle;

use self::page::SharedPage;
use super::{BrokenPage, Rest, Scrape};
use crate::negotiate::Wanted;

/// The pages that were begun no longer ago than an age: one for each format and compression that was asked for.
#[derive(Debug)]
pub(crate) struct SharedPages {
    max_age: Duration,
    begun: Mutex<Vec<Begun>>,
}

#[derive(Debug)]
struct Begun {
    at: Instant,
    wanted: Wanted,
    page: Arc<SharedPage>,
}

impl SharedPages {
    pub(crate) fn new(max_age: Duration) -> Self {
        Self { max_age, begun: Mutex::default() }
    }

    /// The beginning of a page that is there or being written, and otherwise of a new one.
    pub(crate) async fn scrape(
        &self,
        registry: &Arc<Registry>,
        wanted: Wanted,
    ) -> Result<Scrape, BrokenPage> {
        let mut reader = Reader::new(self.page(registry, wanted));
        let begin = std::future::poll_fn(|cx| reader.poll_next(cx)).await.transpose()?.unwrap_or_default();
        Ok(Scrape { begin, rest: (!reader.is_at_end()).then_some(Rest::Shared(reader)) })
    }

    fn page(&self, registry: &Arc<Registry>, wanted: Wanted) -> Arc<SharedPage> {
        let (page, writer) = {
            let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
            // One whose collectors have not returned yet shows numbers of later: another would keep one more thread waiting.
            begun.retain(|Begun { at, page, .. }| {
                page.is_beginning() || (at.elapsed() < self.max_age && !page.is_broken())
            });
            if let Some(begun) = begun.iter().find(|begun| begun.wanted == wanted) {
                return Arc::clone(&begun.page);
            }
            let (page, writer) = SharedPage::new();
            begun.push(Begun { at: Instant::now(), wanted, page: Arc::clone(&page) });
            (page, writer)
        };
        let registry = Arc::clone(registry);
        let write = move || writer.write(&registry, wanted);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(write)),
            Err(_) => write(),
        }
        page
    }
}

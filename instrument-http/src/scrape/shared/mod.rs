//! Pages that several scrapes share: all of it is kept, so that each may read it at its own pace.

mod page;
mod reader;

pub(crate) use self::reader::Reader;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use instrument_core::Registry;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

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
        places: Arc<Semaphore>,
    ) -> Result<Scrape, BrokenPage> {
        let mut reader = self.reader(registry, wanted, places).ok_or(BrokenPage::new())?;
        let begin = std::future::poll_fn(|cx| reader.poll_next(cx)).await.transpose()?.unwrap_or_default();
        Ok(Scrape { begin, rest: (!reader.is_at_end()).then_some(Rest::Shared(reader)) })
    }

    fn reader(&self, registry: &Arc<Registry>, wanted: Wanted, places: Arc<Semaphore>) -> Option<Reader> {
        let (reader, writer) = {
            let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
            // One that is still being written keeps a thread: another beside it would keep one more.
            begun.retain(|Begun { at, page, .. }| {
                page.is_being_written() || (at.elapsed() < self.max_age && !page.is_broken())
            });
            let mut alike = begun.iter().filter(|begun| begun.wanted == wanted);
            if let Some(reader) = alike.find_map(|begun| Reader::join(&begun.page)) {
                return Some(reader);
            }
            let (page, writer) = SharedPage::new();
            let reader = Reader::join(&page);
            begun.push(Begun { at: Instant::now(), wanted, page });
            (reader, writer)
        };
        let registry = Arc::clone(registry);
        let write = move || writer.write(&registry, wanted);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                let place = places.acquire_owned().await;
                tokio::task::spawn_blocking(move || {
                    write();
                    drop(place);
                });
            })),
            Err(_) => write(),
        }
        reader
    }
}

//! Tasks under `#[instrument_red]`: they end, fail or are aborted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use instrument_core::instrument_red;
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::tally::Tally;

/// So many tasks are about at a time.
const AT_A_TIME: usize = 100;

/// Keeps tasks coming until it is over, and has ended when the last of them has.
pub(crate) fn start(runtime: &Runtime, tally: Arc<Tally>, is_over: Arc<AtomicBool>) -> JoinHandle<()> {
    runtime.spawn(async move {
        let mut tasks = JoinSet::new();
        while !is_over.load(Ordering::Relaxed) {
            while tasks.len() < AT_A_TIME {
                let task = tasks.spawn(fetch(Arc::clone(&tally)));
                if fastrand::u32(0..4) == 0 {
                    tokio::spawn(async move {
                        sleep(Duration::from_micros(fastrand::u64(0..5_000))).await;
                        task.abort();
                    });
                }
            }
            tasks.join_next().await;
        }
        while tasks.join_next().await.is_some() {}
    })
}

#[instrument_red]
async fn fetch(tally: Arc<Tally>) -> Result<(), &'static str> {
    let mut unfinished = Unfinished(Some(&tally));
    sleep(Duration::from_micros(fastrand::u64(0..10_000))).await;
    unfinished.0 = None;
    if fastrand::u32(0..20) == 0 {
        tally.tasks_error.add(1);
        return Err("as some do");
    }
    tally.tasks_ok.add(1);
    Ok(())
}

/// Counts the task as cancelled when it is dropped before its end.
struct Unfinished<'t>(Option<&'t Tally>);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(tally) = self.0 {
            tally.tasks_cancelled.add(1);
        }
    }
}

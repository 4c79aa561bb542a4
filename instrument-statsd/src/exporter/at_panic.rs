//! A last flush when the process ends by a panic.

use std::panic;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::worker::{self, Shared};

/// Has a panic that ends the process flush first. The hook stays when the exporter is gone, and does nothing then.
pub(super) fn flush_on_panic(shared: &Arc<Shared<()>>, timeout: Duration) {
    let shared = Arc::downgrade(shared);
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if ends_process()
            && let Some(shared) = shared.upgrade()
        {
            shared.flush(timeout);
        }
        earlier(panic);
    }));
}

/// Whether a panic of this thread is the end. One of the exporter's own thread, which only what is asked for at a read can have, cannot be
/// waited for there.
fn ends_process() -> bool {
    let thread = thread::current();
    match thread.name() {
        Some("main") => true,
        name => cfg!(panic = "abort") && name != Some(worker::THREAD_NAME),
    }
}

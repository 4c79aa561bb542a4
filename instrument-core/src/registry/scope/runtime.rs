use std::io;
use std::sync::Arc;

use tokio::runtime::Builder;

use super::Scope;
use crate::Registry;

impl Registry {
    /// Builds a tokio runtime, waits for a future on it and shuts it down, all the while with this registry for [`Registry::global`].
    ///
    /// So it is in the future, in the tasks that it spawns, and in their work on blocking threads. Needs the feature `tokio`.
    ///
    /// ```
    /// use instrument_core::{Registry, instrument_red};
    /// use tokio::runtime::Builder;
    ///
    /// #[instrument_red]
    /// async fn greet() -> String {
    ///     "Hello".to_owned()
    /// }
    ///
    /// let registry = Registry::new();
    /// registry.scope_runtime(&mut Builder::new_multi_thread(), async {
    ///     tokio::spawn(greet()).await
    /// })??;
    ///
    /// let labels = [("function", "greet"), ("module", module_path!()), ("outcome", "ok")];
    /// assert_eq!(registry.snapshot().histogram("function_duration_seconds", &labels).unwrap().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A runtime has one hook for threads that start, `on_thread_start`, and it is taken. A program that needs it for itself builds its own
    /// runtime, calls [`scope_thread`](Registry::scope_thread) in the hook, and waits for the runtime within [`scope`](Registry::scope).
    ///
    /// # Errors
    ///
    /// When the runtime cannot be built: when a thread cannot be started, say.
    ///
    /// # Panics
    ///
    /// When the future does, and on a thread of another runtime, as tokio's `block_on` does.
    pub fn scope_runtime<F: Future>(&self, builder: &mut Builder, future: F) -> io::Result<F::Output> {
        let scope = Scope::of(self);
        let of_threads = Arc::clone(&scope);
        // Dropped after the runtime: tasks that have not ended are dropped with it.
        let _scope = scope.enter();
        let runtime = builder.on_thread_start(move || Arc::clone(&of_threads).enter().keep()).build();
        builder.on_thread_start(|| {});
        Ok(runtime?.block_on(future))
    }
}

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use tokio::task::spawn_blocking;

use super::config::config;
use super::files::Files;
use crate::BindError;
use crate::server::telemetry::{Failure, Telemetry};

/// The certificates that are in the files now.
///
/// The files are read for each handshake, which costs little beside the handshake itself: nothing has to watch them, and no time stamp can lie.
pub(super) struct Certificates {
    files: Files,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    fingerprint: [u8; 32],
}

impl Certificates {
    pub(super) fn load(files: Files) -> Result<Self, BindError> {
        let contents = files.read()?;
        let loaded = Loaded { config: config(&files, &contents)?, fingerprint: contents.fingerprint() };
        Ok(Self { files, loaded: Mutex::new(loaded) })
    }

    /// For the next handshake. The last ones that were right stay while those in the files are wrong, as when a certificate is there and its key is not yet.
    /// Each time that is so is counted.
    pub(super) async fn latest(self: Arc<Self>, telemetry: &Telemetry) -> Arc<ServerConfig> {
        let reloading = Arc::clone(&self);
        match spawn_blocking(move || reloading.reload()).await {
            Ok(Err(BindError::UnreadableFile { .. })) => telemetry.fail(Failure::UnreadableFile),
            Ok(Err(_)) => telemetry.fail(Failure::InvalidFile),
            // When it was not run, the runtime is ending.
            Ok(Ok(())) | Err(_) => {}
        }
        self.with_loaded(|loaded| Arc::clone(&loaded.config))
    }

    fn reload(&self) -> Result<(), BindError> {
        let contents = self.files.read()?;
        let fingerprint = contents.fingerprint();
        if self.with_loaded(|loaded| loaded.fingerprint != fingerprint) {
            let config = config(&self.files, &contents)?;
            self.with_loaded(|loaded| *loaded = Loaded { config, fingerprint });
        }
        Ok(())
    }

    fn with_loaded<R>(&self, act: impl FnOnce(&mut Loaded) -> R) -> R {
        act(&mut self.loaded.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::BindError;

/// Where things are that may change.
#[derive(Debug)]
pub(super) struct Files {
    /// The server's certificate, and those that lead to one that clients know.
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
    pub(super) client_ca: Option<PathBuf>,
}

/// What is in them.
pub(super) struct Contents {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Vec<u8>,
    pub(super) client_ca: Option<Vec<u8>>,
}

impl Files {
    pub(super) fn read(&self) -> Result<Contents, BindError> {
        Ok(Contents {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
            client_ca: self.client_ca.as_deref().map(read).transpose()?,
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, BindError> {
    fs::read(path).map_err(|source| BindError::UnreadableFile { path: path.to_owned(), source })
}

impl Contents {
    /// Tells whether they are the same as before, without keeping a key for it.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for content in [&self.certificate, &self.key].into_iter().chain(&self.client_ca) {
            hash.update(content.len().to_be_bytes());
            hash.update(content);
        }
        hash.finalize().into()
    }
}

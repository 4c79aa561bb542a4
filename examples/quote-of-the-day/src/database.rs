//! The SQLite database: how it is opened, and how async code reaches it.
//!
//! SQLite's calls block, so each runs on one of tokio's blocking threads. Writes queue for one connection, as SQLite
//! admits one writer at a time anyway; a write that waits for another process's lock thus holds up no reader.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use instrument_core::Use;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::Mutex;

use crate::faults::Faults;
use crate::metrics::ConnectionUse;
use crate::schema;

/// How long a call waits for another process that holds the lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How many connections there are to read.
pub(crate) const READERS: usize = 4;

/// The opened database.
#[derive(Debug)]
pub(crate) struct Database {
    readers: Vec<Arc<Mutex<Connection>>>,
    next_reader: AtomicUsize,
    writer: Arc<Mutex<Connection>>,
    usage: ConnectionUse,
    faults: Faults,
}

/// A call that the database did not answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// SQLite refused the call.
    Sqlite(rusqlite::Error),
    /// The thread of the call ended before it answered: the call panicked, or the program is ending.
    Abandoned,
    /// It was told to fail.
    OnPurpose,
}

/// A database that this program cannot serve from.
#[derive(Debug)]
pub(crate) struct Unusable {
    path: PathBuf,
    reason: schema::Reason,
}

impl Database {
    /// Opens the database at `path`; makes and fills it first where there is none.
    pub(crate) fn open(path: &Path, usage: ConnectionUse, faults: Faults) -> Result<Self, Unusable> {
        Self::try_open(path, usage, faults).map_err(|reason| Unusable { path: path.to_owned(), reason })
    }

    fn try_open(path: &Path, usage: ConnectionUse, faults: Faults) -> Result<Self, schema::Reason> {
        if path.is_dir() {
            return Err(schema::Reason::Directory);
        }
        let writer = connect(path)?;
        schema::prepare(&writer)?;
        let readers = (0..READERS).map(|_| connect_to_read(path)).collect::<Result<_, _>>()?;
        let writer = Arc::new(Mutex::new(writer));
        Ok(Self { readers, next_reader: AtomicUsize::new(0), writer, usage, faults })
    }

    /// Runs `query` on a connection that can only read.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.next_reader.fetch_add(1, Ordering::Relaxed);
        self.run(&self.readers[turn % self.readers.len()], &self.usage.readers, query).await
    }

    /// Runs `change` on the connection that writes.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(&self.writer, &self.usage.writer, change).await
    }

    /// Runs `work` on a blocking thread. The lock goes with it: a caller that is dropped meanwhile takes nothing away.
    async fn run<T: Send + 'static>(
        &self,
        connection: &Arc<Mutex<Connection>>,
        usage: &Use,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let connection = usage.hold(usage.wait(Arc::clone(connection).lock_owned()).await);
        let answer = if self.faults.next_fails() {
            Err(Error::OnPurpose)
        } else {
            match tokio::task::spawn_blocking(move || work(&connection)).await {
                Ok(answer) => answer.map_err(Error::Sqlite),
                Err(_) => Err(Error::Abandoned),
            }
        };
        if answer.is_err() {
            usage.error();
        }
        answer
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // An absolute path is always a file: SQLite would take `:memory:` or `file:…` for something else.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn connect_to_read(path: &Path) -> rusqlite::Result<Arc<Mutex<Connection>>> {
    let connection = connect(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(Arc::new(Mutex::new(connection)))
}

impl Error {
    /// Whether the call failed only because another process held the lock for too long.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "the database refused a call: {error}"),
            Self::Abandoned => f.write_str("a database call ended without an answer"),
            Self::OnPurpose => f.write_str("a database call failed on purpose"),
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--database {}: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for Unusable {}

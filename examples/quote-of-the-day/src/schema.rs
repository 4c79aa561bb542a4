//! The tables: made and filled with the first quotations in one transaction, and checked at every start.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};

/// Marks the file as this program's, in the place that SQLite's file format has for it ("QotD").
const APPLICATION_ID: i32 = 0x516f_7444;
const VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE quotes (
    id     INTEGER PRIMARY KEY,
    text   TEXT NOT NULL,
    author TEXT NOT NULL,
    year   INTEGER,
    -- The place in the round of the quotations of the day, from 0 without a gap. NULL for those that came later:
    -- a new quotation must not change today's.
    turn   INTEGER UNIQUE,
    UNIQUE (text, author)
) STRICT;
CREATE INDEX quotes_by_author ON quotes (author, id);
";

const SEED: &str = include_str!("quotes.tsv");

/// Why a database cannot be served from.
#[derive(Debug)]
pub(crate) enum Reason {
    Directory,
    WriteProtected,
    /// Another program's tables.
    Foreign,
    /// This program's tables, of a later version.
    Newer(i32),
    Corrupt(String),
    /// The file system cannot do WAL mode.
    NoWal,
    Sqlite(rusqlite::Error),
}

/// Leaves the database at `connection` whole, filled and in WAL mode, however many processes do the same at once.
pub(crate) fn prepare(connection: &Connection) -> Result<(), Reason> {
    // SQLite opens what it may not write for reading alone, and says nothing. The first statement would already
    // leave files beside it.
    if connection.is_readonly("main")? {
        return Err(Reason::WriteProtected);
    }
    // Immediate: of two processes that start at once, the second waits here and then finds the work done.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (pragma("application_id")?, pragma("user_version")?) {
        (0, 0) if tables == 0 => create(&transaction)?,
        (APPLICATION_ID, VERSION) => {}
        (APPLICATION_ID, version) => return Err(Reason::Newer(version)),
        _ => return Err(Reason::Foreign),
    }
    transaction.commit()?;
    check(connection)?;
    use_wal(connection)
}

fn create(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(TABLES)?;
    let mut insert =
        transaction.prepare("INSERT INTO quotes (turn, year, author, text) VALUES (?1, ?2, ?3, ?4)")?;
    for (turn, (year, author, text)) in seed().enumerate() {
        insert.execute(params![turn as i64, year, author, text])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)
}

/// The year (where known), author and text of each line of quotes.tsv.
fn seed() -> impl Iterator<Item = (Option<i32>, &'static str, &'static str)> {
    SEED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let (year, author, text) = (columns.next()?, columns.next()?, columns.next()?);
        Some((year.parse().ok(), author, text))
    })
}

fn check(connection: &Connection) -> Result<(), Reason> {
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Reason::Corrupt(verdict)) }
}

/// WAL mode stays with the file, so only the first process ever changes anything here. While another process writes,
/// SQLite refuses that change at once, whatever the busy timeout: hence the loop.
fn use_wal(connection: &Connection) -> Result<(), Reason> {
    const PATIENCE: Duration = Duration::from_secs(5);
    const PAUSE: Duration = Duration::from_millis(10);
    let started = Instant::now();
    loop {
        let mode =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => break,
            Ok(_) => return Err(Reason::NoWal),
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && started.elapsed() < PATIENCE =>
            {
                thread::sleep(PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
    // In WAL mode this survives a crash of the program; only a crash of the machine may lose the last commits.
    Ok(connection.pragma_update(None, "synchronous", "normal")?)
}

impl From<rusqlite::Error> for Reason {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly) => Self::WriteProtected,
            _ => Self::Sqlite(error),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => f.write_str("this is a directory: name a file in it"),
            Self::WriteProtected => {
                f.write_str("write-protected: this user must be allowed to write the file, its -wal and -shm beside it, and the directory")
            }
            Self::Foreign => f.write_str("this database belongs to another program: name another file"),
            Self::Newer(version) => write!(
                f,
                "made by another version of this program (format {version}, this one knows {VERSION}): use that version, or name another file"
            ),
            Self::Corrupt(verdict) => {
                let first = verdict.lines().next().unwrap_or_default();
                write!(f, "the file is damaged ({first}): restore it from a copy, or name another file")
            }
            Self::NoWal => f.write_str("its file system cannot do SQLite's WAL mode: name a file on a local disk"),
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => f.write_str("this is not an SQLite database: name another file"),
                Some(ErrorCode::DatabaseCorrupt) => {
                    write!(f, "the file is damaged ({error}): restore it from a copy, or name another file")
                }
                Some(ErrorCode::CannotOpen) => f.write_str(
                    "cannot be opened or made: its directory must exist, and this user must be allowed to read and write both",
                ),
                Some(ErrorCode::DatabaseBusy) => f.write_str("another process keeps it locked: end that process first"),
                _ => error.fmt(f),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn wal_mode_waits_for_another_process_that_writes() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Connection::open(directory.path().join("quotes.db")).unwrap();
        let (other, connection) = (open(), open());
        other.execute_batch("BEGIN IMMEDIATE; CREATE TABLE written (by_another INTEGER)").unwrap();
        thread::scope(|scope| {
            let started = Instant::now();
            let change = scope.spawn(move || use_wal(&connection));
            while !change.is_finished() && started.elapsed() < Duration::from_millis(100) {
                thread::yield_now();
            }
            other.execute_batch("COMMIT").unwrap();
            change.join().unwrap().unwrap();
        });
        let mode: String = open().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn every_line_of_the_seed_is_a_distinct_quotation_in_the_public_domain() {
        let lines: Vec<_> = SEED.lines().filter(|line| !line.starts_with('#')).collect();
        let quotes: Vec<_> = seed().collect();
        assert_eq!(quotes.len(), lines.len());
        assert!(quotes.len() >= 60, "{}", quotes.len());
        let distinct: HashSet<_> = quotes.iter().map(|(_, author, text)| (author, text)).collect();
        assert_eq!(distinct.len(), quotes.len());
        for (line, (year, author, text)) in lines.iter().zip(quotes) {
            let columns: Vec<_> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            assert!(columns.iter().all(|column| column.trim() == *column), "{line}");
            assert!(!author.is_empty() && !text.is_empty() && !columns[3].is_empty(), "{line}");
            assert!(columns[0].is_empty() != year.is_some(), "{line}");
            assert!(year.is_none_or(|year| year < 1930), "{line}");
        }
    }
}

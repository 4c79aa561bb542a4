//! The quotations: every query that the app makes.

use std::path::Path;
use std::sync::Arc;

use instrument_core::instrument_red;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::database::{Database, Error, Unusable};
use crate::day::Day;
use crate::faults::Faults;
use crate::metrics::{ConnectionUse, QuoteMetrics};
use crate::submission::Submission;

/// A stored quotation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Quote {
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) author: String,
    /// Negative before Christ; `None` where it is not known.
    pub(crate) year: Option<i32>,
}

/// All quotations; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Quotes {
    database: Arc<Database>,
    pub(crate) metrics: QuoteMetrics,
}

/// What became of a quotation that was sent in.
#[derive(Debug)]
pub(crate) enum Addition {
    Stored(Quote),
    /// The same text by the same author has this id already.
    Known(i64),
}

#[instrument_red]
impl Quotes {
    #[instrument_red(skip)]
    pub(crate) fn open(
        path: &Path,
        metrics: QuoteMetrics,
        connections: ConnectionUse,
        faults: Faults,
    ) -> Result<Self, Unusable> {
        Ok(Self { database: Arc::new(Database::open(path, connections, faults)?), metrics })
    }

    /// The quotation of a day. Each of the first quotations has its turn before any comes again.
    pub(crate) async fn of_day(&self, day: Day) -> Result<Quote, Error> {
        const SQL: &str = "SELECT id, text, author, year FROM quotes
            WHERE turn = ?1 % (SELECT max(turn) + 1 FROM quotes)";
        let number = day.number();
        self.database.read(move |database| database.prepare_cached(SQL)?.query_one([number], quote)).await
    }

    pub(crate) async fn by_id(&self, id: i64) -> Result<Option<Quote>, Error> {
        const SQL: &str = "SELECT id, text, author, year FROM quotes WHERE id = ?1";
        self.database
            .read(move |database| database.prepare_cached(SQL)?.query_one([id], quote).optional())
            .await
    }

    /// At most `limit` quotations in the order of their ids, from the first after `after`, of all authors or of one.
    pub(crate) async fn page(
        &self,
        author: Option<String>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Quote>, Error> {
        const ALL: &str = "SELECT id, text, author, year FROM quotes WHERE id > ?1 ORDER BY id LIMIT ?2";
        const BY_AUTHOR: &str =
            "SELECT id, text, author, year FROM quotes WHERE id > ?1 AND author = ?3 ORDER BY id LIMIT ?2";
        self.database
            .read(move |database| match author {
                None => database.prepare_cached(ALL)?.query_map(params![after, limit], quote)?.collect(),
                Some(author) => database
                    .prepare_cached(BY_AUTHOR)?
                    .query_map(params![after, limit, author], quote)?
                    .collect(),
            })
            .await
    }

    /// Any quotation, all alike likely: no row is ever deleted, so the ids have no gaps.
    pub(crate) async fn random(&self) -> Result<Quote, Error> {
        const SQL: &str = "SELECT id, text, author, year FROM quotes
            WHERE id >= (SELECT 1 + (random() & 0x7fffffffffffffff) % max(id) FROM quotes) ORDER BY id LIMIT 1";
        self.database.read(|database| database.prepare_cached(SQL)?.query_one([], quote)).await
    }

    pub(crate) async fn add(&self, submission: Submission) -> Result<Addition, Error> {
        // The table's UNIQUE decides, so that two processes cannot both store the same.
        const INSERT: &str = "INSERT INTO quotes (text, author, year) VALUES (?1, ?2, ?3)
            ON CONFLICT (text, author) DO NOTHING";
        const FIND: &str = "SELECT id FROM quotes WHERE text = ?1 AND author = ?2";
        let Submission { text, author, year } = submission;
        self.database
            .write(move |database| {
                if database.prepare_cached(INSERT)?.execute(params![text, author, year])? == 1 {
                    return Ok(Addition::Stored(Quote {
                        id: database.last_insert_rowid(),
                        text,
                        author,
                        year,
                    }));
                }
                let id = database.prepare_cached(FIND)?.query_one([text, author], |row| row.get(0))?;
                Ok(Addition::Known(id))
            })
            .await
    }

    /// Succeeds if the database answers a query on its table.
    pub(crate) async fn check(&self) -> Result<(), Error> {
        const SQL: &str = "SELECT id FROM quotes LIMIT 1";
        self.database.read(|database| database.prepare_cached(SQL)?.query_one([], |_| Ok(()))).await
    }
}

fn quote(row: &Row<'_>) -> rusqlite::Result<Quote> {
    Ok(Quote { id: row.get(0)?, text: row.get(1)?, author: row.get(2)?, year: row.get(3)? })
}

//! Reads a log that is rotated and truncated while it is written.
//!
//! A log that is **rotated** gets another name, and a new file has its own. The server goes on to write to the old one until it was told: so both are
//! read until nothing has come to the old one for a while. One that gets its name back meanwhile is read on from where it was. A file that has the name for
//! less than the time between two looks, 200 ms, is not seen, and its lines are not counted.
//!
//! A log that is **truncated** begins anew in the same file. What was written between the last look and the truncation is lost, as it is to everybody;
//! so rather have your logs rotated.

mod log_file;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::log_file::{Identity, LogFile};

/// How long nothing has to come to a file that was renamed until it is let go.
const LINGER: Duration = Duration::from_secs(10);

/// How many files that were renamed are kept open at once.
const MAX_LEAVING: usize = 8;

/// What is seen in a log.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A line, without its end.
    Line(&'a [u8]),
    /// A line of more than 64 KiB, which is skipped.
    LineTooLong,
    /// The beginning of a line that has no end.
    LineCutOff,
    /// Another file has the name of the log.
    Rotated,
    /// The file has begun anew.
    Truncated,
    /// It could not be opened or read, and will be tried again.
    Failed(io::Error),
}

/// A log by its name, whichever files have it.
#[derive(Debug)]
pub(crate) struct Follower {
    path: PathBuf,
    current: Option<LogFile>,
    leaving: Vec<Leaving>,
}

/// A file that has lost its name, and when something last came to it.
#[derive(Debug)]
struct Leaving {
    file: LogFile,
    last_read: Instant,
}

impl Follower {
    /// Begins at the end of the file, or at its start. A file that is not there yet is waited for, and read from its start.
    pub(crate) fn open(path: &Path, from_start: bool) -> io::Result<Self> {
        let mut current = match LogFile::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            opened => Some(opened?),
        };
        if let Some(file) = &mut current
            && !from_start
        {
            file.skip_to_end()?;
        }
        Ok(Self { path: path.to_owned(), current, leaving: Vec::new() })
    }

    /// Tells all that has come since the last time.
    pub(crate) fn poll(&mut self, now: Instant, tell: &mut impl FnMut(Event<'_>)) {
        if let Err(error) = self.reopen(now, tell) {
            tell(Event::Failed(error));
        }
        if let Some(file) = &mut self.current
            && let Err(error) = file.read(tell)
        {
            tell(Event::Failed(error));
        }
        self.leaving.retain_mut(|leaving| leaving.read(now, tell));
    }

    /// Opens the file that has the name of the log, if it is another than before.
    fn reopen(&mut self, now: Instant, tell: &mut impl FnMut(Event<'_>)) -> io::Result<()> {
        let named = match fs::metadata(&self.path) {
            // Between the old one and the new.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            metadata => Identity::of(&metadata?),
        };
        if self.current.as_ref().is_some_and(|file| file.identity() == named) {
            return Ok(());
        }
        // By now it may be yet another one, so what counts is the identity of what was opened.
        let opened = LogFile::open(&self.path)?;
        if self.current.as_ref().is_some_and(|file| file.identity() == opened.identity()) {
            return Ok(());
        }
        let known = self.leaving.iter().position(|leaving| leaving.file.identity() == opened.identity());
        let new = known.map_or(opened, |index| self.leaving.remove(index).file);
        if let Some(file) = self.current.replace(new) {
            tell(Event::Rotated);
            if self.leaving.len() == MAX_LEAVING {
                self.leaving.remove(0).file.end(tell);
            }
            self.leaving.push(Leaving { file, last_read: now });
        }
        Ok(())
    }
}

impl Leaving {
    /// Whether it is to be read again.
    fn read(&mut self, now: Instant, tell: &mut impl FnMut(Event<'_>)) -> bool {
        match self.file.read(tell) {
            Ok(0) => {}
            Ok(_) => self.last_read = now,
            Err(error) => tell(Event::Failed(error)),
        }
        let stays = now.duration_since(self.last_read) < LINGER;
        if !stays {
            self.file.end(tell);
        }
        stays
    }
}

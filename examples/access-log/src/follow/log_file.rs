//! One file of a log, from where it was last read.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use super::Event;

/// The longest line that is read. nginx's own are bounded by the headers that it takes, 32 KiB unless it is told otherwise.
const MAX_LINE: usize = 64 * 1024;

/// How much of a file's start is looked at, to see that it is another than before. It holds the time of the first line.
const HEAD: usize = 128;

/// What tells files apart, whatever their names, as long as they are open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

/// A file that is open, and how far it was read.
#[derive(Debug)]
pub(super) struct LogFile {
    file: File,
    identity: Identity,
    /// Its first bytes, when they were last looked at.
    head: Vec<u8>,
    position: u64,
    /// What is there of a line that has not ended yet.
    begun: Vec<u8>,
    /// The line that is being read was too long, and its rest is skipped.
    skipping: bool,
}

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

impl LogFile {
    /// To be read from the start.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let identity = Identity::of(&file.metadata()?);
        Ok(Self { file, identity, head: Vec::new(), position: 0, begun: Vec::new(), skipping: false })
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Leaves out what is there. A line that is half written is left out as well, for its beginning is.
    pub(super) fn skip_to_end(&mut self) -> io::Result<()> {
        self.position = self.file.metadata()?.len();
        self.head = self.read_head()?;
        let mut last = [b'\n'];
        if let Some(before) = self.position.checked_sub(1) {
            self.file.read_exact_at(&mut last, before)?;
        }
        self.skipping = last != [b'\n'];
        Ok(())
    }

    /// Tells all that has come by now, and gives how many bytes that was. What comes meanwhile is for the next time: a server may be faster.
    pub(super) fn read(&mut self, tell: &mut impl FnMut(Event<'_>)) -> io::Result<u64> {
        let end = self.file.metadata()?.len();
        self.begin_anew_if_truncated(end, tell)?;
        let begun_at = self.position;
        let mut buffer = [0; 16 * 1024];
        while self.position < end {
            let length = match self.file.read_at(&mut buffer, self.position) {
                Ok(0) => break, // truncated just now
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.position += length as u64;
            self.split(&buffer[..length], tell);
        }
        Ok(self.position - begun_at)
    }

    /// Tells of a line that has begun and will not end.
    pub(super) fn end(&mut self, tell: &mut impl FnMut(Event<'_>)) {
        if !self.begun.is_empty() {
            tell(Event::LineCutOff);
        }
        self.begun.clear();
        self.skipping = false;
    }

    /// By its length, or, as it may have grown beyond that again, by its first bytes.
    fn begin_anew_if_truncated(&mut self, end: u64, tell: &mut impl FnMut(Event<'_>)) -> io::Result<()> {
        let head = self.read_head()?;
        if end < self.position || !head.starts_with(&self.head) {
            tell(Event::Truncated);
            self.end(tell);
            self.position = 0;
        }
        self.head = head;
        Ok(())
    }

    fn read_head(&self) -> io::Result<Vec<u8>> {
        let mut head = [0; HEAD];
        let length = self.file.read_at(&mut head, 0)?;
        Ok(head[..length].to_vec())
    }

    fn split(&mut self, bytes: &[u8], tell: &mut impl FnMut(Event<'_>)) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(_) if self.skipping => self.skipping = false,
                Some(line) if self.begun.is_empty() => tell(Event::Line(line)),
                Some(end) => {
                    self.begun.extend_from_slice(end);
                    tell(Event::Line(&self.begun));
                    self.begun.clear();
                }
                None if self.skipping => {}
                None => self.begun.extend_from_slice(piece),
            }
            if self.begun.len() > MAX_LINE {
                tell(Event::LineTooLong);
                self.begun.clear();
                self.skipping = true;
            }
        }
    }
}

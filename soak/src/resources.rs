//! What the process holds, as Linux counts it.

use std::time::{Duration, Instant};
use std::{fs, io, thread};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Resources {
    /// Resident memory that is not of files, in bytes.
    pub(crate) memory: u64,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
}

impl Resources {
    pub(crate) fn now() -> io::Result<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let kibibytes = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kibibytes = kibibytes.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        Ok(Self {
            memory: kibibytes.ok_or_else(|| io::Error::other("no RssAnon in /proc/self/status"))? * 1024,
            descriptors: fs::read_dir("/proc/self/fd")?.count(),
            threads: fs::read_dir("/proc/self/task")?.count(),
        })
    }

    /// Waits until there are no more descriptors and threads than before, for so long at most: connections take a while to be closed.
    pub(crate) fn at_most(before: &Self, timeout: Duration) -> io::Result<Self> {
        let begun = Instant::now();
        loop {
            let now = Self::now()?;
            let is_more = now.descriptors > before.descriptors || now.threads > before.threads;
            if !is_more || begun.elapsed() > timeout {
                return Ok(now);
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

//! A StatsD server that takes all that comes: what is sent is received, and counted.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The longest datagram that anybody sends here.
const MAX_BYTES: usize = 1 << 16;

/// How long nothing may come before the rest is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads from a Unix datagram socket, where nothing is lost, in a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct Drain {
    path: PathBuf,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    lines: AtomicU64,
    /// Packets as they came, if they are wanted.
    kept: Option<Mutex<Vec<Vec<u8>>>>,
}

impl Drain {
    /// Counts lines and forgets them.
    ///
    /// # Errors
    ///
    /// What the system said: the path is taken, or cannot be written.
    pub fn bind(path: &Path) -> io::Result<Self> {
        Self::start(path, Shared::default())
    }

    /// Keeps what comes as well.
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    pub fn bind_and_keep(path: &Path) -> io::Result<Self> {
        Self::start(path, Shared { kept: Some(Mutex::default()), ..Shared::default() })
    }

    fn start(path: &Path, shared: Shared) -> io::Result<Self> {
        let socket = UnixDatagram::bind(path)?;
        let shared = Arc::new(shared);
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || read(&socket, &shared)
        });
        Ok(Self { path: path.to_owned(), shared, thread: Some(thread) })
    }

    /// How many lines have come so far.
    pub fn lines(&self) -> u64 {
        self.shared.lines.load(Ordering::Acquire)
    }

    /// Waits until so many lines have come since the start. Says whether they have: not if nothing comes for ten seconds.
    pub fn await_lines(&self, lines: u64) -> bool {
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            let now = self.lines();
            if now >= lines {
                return true;
            }
            if now > seen {
                (seen, since) = (now, Instant::now());
            } else if since.elapsed() > PATIENCE {
                return false;
            }
            thread::sleep(Duration::from_micros(50));
        }
    }

    /// Takes out the packets that were kept.
    pub fn take_packets(&self) -> Vec<Vec<u8>> {
        self.shared.kept.as_ref().map_or_else(Vec::new, |kept| std::mem::take(&mut *lock(kept)))
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        // An empty datagram, which no client sends, is the end.
        let end = UnixDatagram::unbound().and_then(|socket| socket.send_to(b"", &self.path));
        if let (Ok(_), Some(thread)) = (end, self.thread.take()) {
            let _ = thread.join();
        }
    }
}

fn read(socket: &UnixDatagram, shared: &Shared) {
    let mut buffer = vec![0; MAX_BYTES];
    while let Ok(length @ 1..) = socket.recv(&mut buffer) {
        let packet = &buffer[..length];
        if let Some(kept) = &shared.kept {
            lock(kept).push(packet.to_vec());
        }
        // Some end the last line of a packet with a newline, and some do not.
        let packet = packet.strip_suffix(b"\n").unwrap_or(packet);
        let newlines = packet.iter().filter(|byte| **byte == b'\n').count() as u64;
        shared.lines.fetch_add(newlines + 1, Ordering::Release);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_whatever_ends_the_last_one_and_packets_kept_as_they_came() {
        let directory = tempfile::tempdir().expect("a writable directory");
        let path = directory.path().join("drain.sock");
        let drain = Drain::bind_and_keep(&path).expect("a free path");
        let sender = UnixDatagram::unbound().expect("a socket");
        let packets = [&b"a:1|c\nb:1|c"[..], b"c:1|c\n"];
        for packet in packets {
            sender.send_to(packet, &path).expect("somebody reads");
        }
        assert!(drain.await_lines(3));
        assert_eq!(drain.lines(), 3);
        assert_eq!(drain.take_packets(), packets);
    }
}

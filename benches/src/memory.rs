//! How much memory this process has, as Linux counts it.

use std::fs;
use std::io::{Error, ErrorKind, Result};

/// The bytes of anonymous memory that are resident: heap and stacks, without the program's own pages.
///
/// # Errors
///
/// When `/proc/self/smaps_rollup` cannot be read: elsewhere than on Linux.
pub fn anonymous_bytes() -> Result<u64> {
    // Not `RssAnon` of `/proc/self/status`, which the kernel may round by some hundred kilobytes.
    field("/proc/self/smaps_rollup", "Anonymous:")
}

/// The bytes by which resident memory rose while `work` ran, at its highest; and what `work` returned.
///
/// # Errors
///
/// When `/proc/self` cannot be read or written: elsewhere than on Linux.
pub fn peak_bytes_of<T>(work: impl FnOnce() -> T) -> Result<(u64, T)> {
    const RESET_PEAK: &str = "5";
    fs::write("/proc/self/clear_refs", RESET_PEAK)?;
    let before = field("/proc/self/status", "VmRSS:")?;
    let result = work();
    let peak = field("/proc/self/status", "VmHWM:")?;
    Ok((peak.saturating_sub(before), result))
}

fn field(file: &str, name: &str) -> Result<u64> {
    let text = fs::read_to_string(file)?;
    let kilobytes =
        text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok());
    let missing = || Error::new(ErrorKind::InvalidData, format!("no number after {name} in {file}"));
    kilobytes.map(|kilobytes: u64| kilobytes * 1024).ok_or_else(missing)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::hint::black_box;

    // More than what the tests that run meanwhile can add or give back.
    const BYTES: usize = 256 << 20;

    #[test]
    fn touched_memory_is_counted() {
        let before = anonymous_bytes().expect("Linux says");
        let touched = black_box(vec![1_u8; BYTES]);
        let after = anonymous_bytes().expect("Linux says");
        drop(touched);
        assert!(after - before > BYTES as u64 / 2, "{before} bytes before, {after} after");
    }

    #[test]
    fn a_peak_is_seen_after_its_memory_is_given_back() {
        let (peak, length) = peak_bytes_of(|| black_box(vec![1_u8; BYTES]).len()).expect("Linux says");
        assert_eq!(length, BYTES);
        assert!(peak > BYTES as u64 / 2, "peak of {peak} bytes");
    }
}

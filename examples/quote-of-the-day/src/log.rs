//! The program's log: lines on stderr.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line. Unlike `eprintln!`, this does not panic where nobody reads stderr any more.
pub(crate) fn error(message: impl Display) {
    let _ = writeln!(io::stderr(), "quote-of-the-day: {message}");
}

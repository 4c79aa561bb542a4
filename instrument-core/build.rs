//! Tells the library the version of the compiler, for `build_info!`.
//!
//! It is also what Cargo asks of a package with the key `links`, which keeps a second version of this crate out of a program.

use std::env;
use std::process::Command;

fn main() {
    // Without it the script would run again at every change of any file. Another compiler runs it again all the same.
    println!("cargo::rerun-if-changed=build.rs");
    if let Some(version) = rust_version() {
        println!("cargo::rustc-env=INSTRUMENT_CORE_RUST_VERSION={version}");
    }
}

/// The second word of `rustc 1.88.0 (6b00bc388 2025-06-23)`. A compiler that does not say it is no reason not to build.
fn rust_version() -> Option<String> {
    let output = Command::new(env::var_os("RUSTC")?).arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?.split_whitespace().nth(1)?.to_owned();
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}

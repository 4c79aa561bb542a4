//! Two versions of this crate in one program are refused by Cargo, before anything is compiled.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A program that depends on this crate and on an invented older version of it.
struct Program {
    directory: PathBuf,
}

impl Program {
    /// Writes it, with a line more in the `[package]` of the other version.
    fn new(name: &str, of_the_other_version: &str) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let program = Self { directory };
        let this = env!("CARGO_MANIFEST_DIR");
        program.write(
            "Cargo.toml",
            &format!(
                r#"
                [package]
                name = "program"
                version = "1.0.0"
                edition = "2024"

                [dependencies]
                this = {{ package = "instrument-core", path = {this:?} }}
                other = {{ package = "instrument-core", path = "other" }}

                [workspace]
                "#
            ),
        );
        program.write("src/lib.rs", "");
        program.write(
            "other/Cargo.toml",
            &format!(
                r#"
                [package]
                name = "instrument-core"
                version = "0.0.9"
                edition = "2024"
                {of_the_other_version}
                "#
            ),
        );
        program.write("other/src/lib.rs", "");
        program.write("other/build.rs", "fn main() {}");
        // What the lock file names is on this machine: these tests were compiled with it.
        let lock = Path::new(this).join("../Cargo.lock");
        fs::copy(lock, program.directory.join("Cargo.lock")).unwrap();
        program
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Chooses the versions of all packages, which every command of Cargo does first.
    fn resolve(&self) -> Result<(), String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--offline", "--format-version", "1"])
            .current_dir(&self.directory)
            .output()
            .unwrap();
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

#[test]
fn cargo_refuses_a_program_with_two_versions() {
    let error = Program::new("two_versions", r#"links = "instrument-core""#).resolve().unwrap_err();
    assert!(error.contains("`instrument-core v0.0.9"), "{error}");
    assert!(error.contains("links to the native library `instrument-core`"), "{error}");
}

#[test]
fn it_is_for_the_key_links_that_it_does() {
    let resolved = Program::new("one_version_and_a_stranger", r#"links = "something-else""#).resolve();
    assert_eq!(resolved, Ok(()));
}

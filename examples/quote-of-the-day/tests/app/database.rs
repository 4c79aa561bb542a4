//! The database across starts and processes, and those that cannot be used.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::http::{get, post};
use crate::program::{App, run};

fn count(app: &App) -> i64 {
    app.connect().query_row("SELECT count(*) FROM quotes", [], |row| row.get(0)).unwrap()
}

/// Asserts that the app does not start on `path`, and says why in one line.
#[track_caller]
fn refused(path: &Path, why: &str) {
    let path = path.to_str().unwrap();
    let output = run(&["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--database", path]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(output.stdout, b"");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains(&format!("--database {path}: ")) && stderr.contains(why), "{stderr}");
}

#[test]
fn a_restart_keeps_what_was_stored_and_adds_nothing() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    let app = App::on(&path);
    let location =
        post(app.address, r#"{"text": "Kept", "author": "A"}"#).header("location").unwrap().to_owned();
    let before = count(&app);
    assert!(before > 60);
    app.stop();
    let files: Vec<_> = fs::read_dir(&directory).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["quotes.db"], "a graceful end leaves the database whole in one file");

    let app = App::on(&path);
    assert_eq!(count(&app), before);
    assert_eq!(get(app.address, &location).json()["text"], "Kept");
}

#[test]
fn a_kill_loses_nothing_that_was_answered() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    let app = App::on(&path);
    let location =
        post(app.address, r#"{"text": "Kept", "author": "A"}"#).header("location").unwrap().to_owned();
    app.signal("KILL");
    drop(app);
    assert_eq!(get(App::on(&path).address, &location).json()["text"], "Kept");
}

#[test]
fn processes_that_start_at_once_share_one_database() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    let apps: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| App::on(&path))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let alone = App::start();
    assert_eq!(count(&apps[0]), count(&alone));

    let body = json!({"text": "Shared", "author": "A"}).to_string();
    let location = post(apps[0].address, &body).header("location").unwrap().to_owned();
    for app in &apps[1..] {
        assert_eq!(get(app.address, &location).json()["text"], "Shared");
        post(app.address, &body).problem(409);
    }
}

#[test]
fn a_name_that_sqlite_takes_for_something_else_is_a_file_here() {
    let directory = TempDir::new().unwrap();
    for name in [":memory:", "file:other.db?mode=memory"] {
        let app = App::within(directory.path(), Path::new(name));
        assert!(app.database.is_file(), "{name}");
        assert_eq!(get(app.address, "/healthz").status, 200);
    }
}

#[test]
fn a_database_that_cannot_be_used_is_one_clear_line() {
    let directory = TempDir::new().unwrap();
    refused(directory.path(), "directory");
    refused(&directory.path().join("missing/quotes.db"), "its directory must exist");

    let text = directory.path().join("text");
    fs::write(&text, "To err is human; to forgive, divine.\n".repeat(100)).unwrap();
    refused(&text, "not an SQLite database");
    assert!(fs::read_to_string(&text).unwrap().starts_with("To err"));
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE quotes (price INTEGER)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    refused(&path, "another program");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    let app = App::on(&path);
    app.connect().pragma_update(None, "user_version", 2).unwrap();
    app.stop();
    refused(&path, "format 2");
}

#[test]
fn a_damaged_database_is_refused() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    App::on(&path).stop();
    let mut bytes = fs::read(&path).unwrap();
    // All but the first page, which holds the schema, becomes noise.
    bytes[4096..].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    refused(&path, "damaged");
}

#[test]
fn a_database_that_another_process_locks_is_refused() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("quotes.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    refused(&path, "locked");
}

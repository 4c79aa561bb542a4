use std::fs::{File, OpenOptions};
use std::io::Write;

use tempfile::TempDir;

use super::*;

/// A log in a directory of its own, with who writes it and who follows it.
struct Log {
    directory: TempDir,
    writer: File,
    follower: Follower,
    now: Instant,
}

impl Log {
    fn with(text: &str, from_start: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let writer = written(&directory.path().join("access.log"), text);
        let follower = Follower::open(&directory.path().join("access.log"), from_start).unwrap();
        Self { directory, writer, follower, now: Instant::now() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
    }

    /// Gives the log another name; the server does not know yet.
    fn rename(&self) {
        fs::rename(self.path("access.log"), self.path("access.log.1")).unwrap();
    }

    /// The lines that are seen, and a word for all else.
    fn seen(&mut self) -> Vec<String> {
        let mut seen = Vec::new();
        self.follower.poll(self.now, &mut |event| {
            seen.push(match event {
                Event::Line(line) => String::from_utf8_lossy(line).into_owned(),
                Event::Failed(error) => panic!("{error}"),
                other => format!("{other:?}"),
            });
        });
        seen
    }
}

/// A file as a server opens its log.
fn written(path: &Path, text: &str) -> File {
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn only_what_comes_is_told_unless_asked_for_all() {
    let mut log = Log::with("a\nb\n", false);
    log.write("c\n");
    assert_eq!(log.seen(), ["c"]);
    assert_eq!(log.seen(), [""; 0]);
    assert_eq!(Log::with("a\nb\n", true).seen(), ["a", "b"]);
}

#[test]
fn a_line_is_told_when_it_has_ended() {
    let mut log = Log::with("half of a li", false);
    log.write("ne\nanother ");
    assert_eq!(log.seen(), [""; 0], "of the first the beginning is not known");
    log.write("one\n\nlast");
    assert_eq!(log.seen(), ["another one", ""]);
}

#[test]
fn a_log_that_is_not_there_yet_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("access.log");
    let mut follower = Follower::open(&path, false).unwrap();
    let mut lines = 0;
    let mut count = |event: Event<'_>| lines += u32::from(matches!(event, Event::Line(b"a")));
    follower.poll(Instant::now(), &mut count);
    written(&path, "a\n");
    follower.poll(Instant::now(), &mut count);
    assert_eq!(lines, 1);
}

#[test]
fn after_a_rotation_both_files_are_read_until_the_old_one_is_quiet() {
    let mut log = Log::with("", false);
    log.write("a\n");
    log.rename();
    log.write("b\n");
    assert_eq!(log.seen(), ["a", "b"], "there is no new file yet");

    let mut new = written(&log.path("access.log"), "d\n");
    log.write("c\n");
    assert_eq!(log.seen(), ["Rotated", "d", "c"]);

    log.now += LINGER / 2;
    log.write("late\nbegun");
    assert_eq!(log.seen(), ["late"]);
    log.now += LINGER;
    assert_eq!(log.seen(), ["LineCutOff"]);
    log.write(" and ended\n");
    new.write_all(b"e\n").unwrap();
    assert_eq!(log.seen(), ["e"]);
}

#[test]
fn a_file_that_gets_its_name_back_is_read_on() {
    let mut log = Log::with("", false);
    log.write("a\nbeg");
    assert_eq!(log.seen(), ["a"]);
    log.rename();
    let mut other = written(&log.path("access.log"), "c\n");
    assert_eq!(log.seen(), ["Rotated", "c"]);

    fs::rename(log.path("access.log"), log.path("access.log.2")).unwrap();
    fs::rename(log.path("access.log.1"), log.path("access.log")).unwrap();
    log.write("un\n");
    other.write_all(b"d\n").unwrap();
    assert_eq!(log.seen(), ["Rotated", "begun", "d"]);
    log.write("e\n");
    assert_eq!(log.seen(), ["e"]);
}

#[test]
fn no_more_than_a_few_old_files_are_kept_open() {
    let mut log = Log::with("", false);
    for _ in 0..2 * MAX_LEAVING {
        log.rename();
        written(&log.path("access.log"), "a\n");
        assert_eq!(log.seen(), ["Rotated", "a"]);
        assert!(log.follower.leaving.len() <= MAX_LEAVING);
    }
}

#[test]
fn a_log_that_is_truncated_is_read_from_its_start() {
    let mut log = Log::with("", false);
    log.write("a\nb\nbegun");
    assert_eq!(log.seen(), ["a", "b"]);
    log.writer.set_len(0).unwrap();
    log.write("c\n");
    assert_eq!(log.seen(), ["Truncated", "LineCutOff", "c"]);
}

#[test]
fn a_log_that_has_outgrown_its_old_length_was_truncated_nevertheless() {
    let mut log = Log::with("18:00:00 a\n", true);
    assert_eq!(log.seen(), ["18:00:00 a"]);
    log.writer.set_len(0).unwrap();
    log.write("18:00:01 b\n18:00:01 c\n");
    assert_eq!(log.seen(), ["Truncated", "18:00:01 b", "18:00:01 c"]);
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let mut log = Log::with("", false);
    log.write(&"x".repeat(1_000_000));
    assert_eq!(log.seen(), ["LineTooLong"]);
    log.write("x\nb\n");
    assert_eq!(log.seen(), ["b"]);
}

//! The program under test.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long the program may take for what is not under test.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running app; killed when dropped.
pub(crate) struct App {
    pub(crate) address: SocketAddr,
    pub(crate) database: PathBuf,
    process: Child,
    stdout: BufReader<ChildStdout>,
    directory: Option<TempDir>,
}

/// How an app ended.
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// What it printed after its addresses.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The time from the first signal.
    pub(crate) took: Duration,
}

impl App {
    /// Starts the app on a new database, which goes away with it.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// The same, with flags.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        let mut app = Self::spawn(Path::new("."), &directory.path().join("quotes.db"), flags);
        app.directory = Some(directory);
        app
    }

    pub(crate) fn on(database: &Path) -> Self {
        Self::within(Path::new("."), database)
    }

    /// Starts the app with another working directory.
    pub(crate) fn within(directory: &Path, database: &Path) -> Self {
        Self::spawn(directory, database, &[])
    }

    fn spawn(directory: &Path, database: &Path, flags: &[&str]) -> Self {
        let mut process = command()
            .current_dir(directory)
            .args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut address = |what: &str, path: &str| {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let address =
                line.strip_prefix(&format!("{what} http://")).and_then(|rest| rest.strip_suffix('\n'));
            let address = address.and_then(|rest| rest.strip_suffix(path)).and_then(|rest| rest.parse().ok());
            address.unwrap_or_else(|| panic!("not the line of {what}: {line:?}"))
        };
        let (address, _metrics): (SocketAddr, SocketAddr) =
            (address("quotes", ""), address("metrics", "/metrics"));
        Self { address, database: directory.join(database), process, stdout, directory: None }
    }

    /// The database as another program sees it.
    pub(crate) fn connect(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.database).unwrap()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    pub(crate) fn stop(self) -> End {
        let signalled = Instant::now();
        self.signal("TERM");
        self.wait(signalled)
    }

    /// Waits for the end, at the most [`PATIENCE`].
    pub(crate) fn wait(mut self, signalled: Instant) -> End {
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(signalled.elapsed() < PATIENCE, "still running");
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = signalled.elapsed();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        End { status, stdout, stderr, took }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs the program with arguments that end it by themselves.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let directory = TempDir::new().unwrap();
    let mut process = command()
        .args(arguments)
        .current_dir(directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            let _ = process.kill();
            panic!("{arguments:?}: it runs on");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    process.wait_with_output().unwrap()
}

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_quote-of-the-day"))
}

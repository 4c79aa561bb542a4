//! The command line.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use instrument_statsd::Flavor;
use lexopt::prelude::{Long, Short, ValueExt};

use crate::monitoring::Document;

/// The most requests a second that `--traffic` accepts: one thread's timer keeps up with it.
const MAX_TRAFFIC: u32 = 10_000;

pub(crate) const HELP: &str = "\
A quotation a day, from an SQLite database, as a page and as JSON.

Usage: quote-of-the-day [FLAGS]

Flags:
  --listen ADDR          where the app listens [default: 127.0.0.1:8080]
  --metrics-listen ADDR  where its metrics are served [default: 127.0.0.1:9464]
  --statsd ADDR          push the same metrics to this StatsD server, over UDP; with tcp://, unix:// or
                         unixgram:// in front, over that
  --statsd-flavor NAME   its dialect: etsy, dogstatsd, influx or graphite [default: etsy]
  --statsd-prefix NAME   what the names there begin with [default: nothing]
  --database PATH        the SQLite file, made and filled if missing [default: quotes.db]
  --fail-rate P          have this share of the calls of the database fail, 0 to 1 [default: 0]
  --traffic N            send itself N requests a second, 0 to 10000 [default: 0]
  --print-rules          print alert rules for Prometheus' job quote-of-the-day, and end
  --rules-window SECONDS the time their rates are taken over, 1 to 86400 [default: 300]
  --print-dashboard      print a dashboard of that job for Grafana, and end
  -h, --help             print this help
  -V, --version          print the version

ADDR is host:port. Where the app listens, port 0 means any free port.
";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Run(Arguments),
    Print(Document, PathBuf),
    Help,
    Version,
}

/// The settings of a run.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) listen: Address,
    pub(crate) metrics_listen: Address,
    pub(crate) statsd: Option<Statsd>,
    pub(crate) database: PathBuf,
    /// The share of the database's calls that fail on purpose.
    pub(crate) fail_rate: f64,
    /// Requests a second; 0 is none.
    pub(crate) traffic: u32,
}

/// A `host:port` of the right form; whether the host exists shows when it is used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Address(String);

/// What `--statsd` and the flags beside it ask for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statsd {
    pub(crate) address: String,
    pub(crate) flavor: Flavor,
    pub(crate) prefix: String,
}

/// A command line that cannot be followed: one sentence that names the flag and the rule.
#[derive(Debug)]
pub(crate) struct BadFlag(String);

pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, BadFlag> {
    let mut run = Arguments {
        listen: Address("127.0.0.1:8080".to_owned()),
        metrics_listen: Address("127.0.0.1:9464".to_owned()),
        statsd: None,
        database: PathBuf::from("quotes.db"),
        fail_rate: 0.0,
        traffic: 0,
    };
    let (mut print_rules, mut print_dashboard, mut window) = (false, false, None);
    let (mut statsd_address, mut flavor, mut prefix) = (None, None, None);
    let mut instead = None;
    let mut parser = lexopt::Parser::from_iter(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => run.listen = Address::parse("--listen", parser.value()?)?,
            Long("metrics-listen") => {
                run.metrics_listen = Address::parse("--metrics-listen", parser.value()?)?;
            }
            Long("statsd") => statsd_address = Some(address_to_send("--statsd", parser.value()?)?),
            Long("statsd-flavor") => flavor = Some(flavor_of(parser.value()?)?),
            Long("statsd-prefix") => prefix = Some(parser.value()?.string()?),
            Long("database") => run.database = database(parser.value()?)?,
            Long("fail-rate") => run.fail_rate = fail_rate(parser.value()?)?,
            Long("print-rules") => print_rules = true,
            Long("rules-window") => window = Some(rules_window(parser.value()?)?),
            Long("print-dashboard") => print_dashboard = true,
            Long("traffic") => run.traffic = traffic(parser.value()?)?,
            Long("help") | Short('h') => instead = Some(Command::Help),
            Long("version") | Short('V') => instead = Some(Command::Version),
            _ => return Err(argument.unexpected().into()),
        }
    }
    run.statsd = statsd(statsd_address, flavor, prefix)?;
    let document = document(print_rules, window, print_dashboard)?;
    Ok(match (instead, document) {
        (Some(command), _) => command,
        (None, Some(document)) => Command::Print(document, run.database),
        (None, None) => Command::Run(run),
    })
}

/// The flags about what is printed instead of a run, put together.
fn document(rules: bool, window: Option<Duration>, dashboard: bool) -> Result<Option<Document>, BadFlag> {
    let bad = |rule: &str| Err(BadFlag(rule.to_owned()));
    match (rules, window, dashboard) {
        (true, _, true) => bad("--print-rules and --print-dashboard go to one output: ask for one of them"),
        (false, Some(_), _) => bad("--rules-window says nothing without --print-rules"),
        (true, window, false) => {
            Ok(Some(Document::Rules { window: window.unwrap_or(Duration::from_secs(300)) }))
        }
        (false, None, true) => Ok(Some(Document::Dashboard)),
        (false, None, false) => Ok(None),
    }
}

/// The flags about StatsD, put together.
fn statsd(
    address: Option<String>,
    flavor: Option<Flavor>,
    prefix: Option<String>,
) -> Result<Option<Statsd>, BadFlag> {
    let given = [("--statsd-flavor", flavor.is_some()), ("--statsd-prefix", prefix.is_some())];
    match (address, given.iter().find(|(_, given)| *given)) {
        (Some(address), _) => Ok(Some(Statsd {
            address,
            flavor: flavor.unwrap_or_default(),
            prefix: prefix.unwrap_or_default(),
        })),
        (None, Some((flag, _))) => Err(BadFlag(format!("{flag} says nothing without --statsd ADDR"))),
        (None, None) => Ok(None),
    }
}

fn flavor_of(value: OsString) -> Result<Flavor, BadFlag> {
    value.string()?.parse().map_err(|error| BadFlag(format!("--statsd-flavor: {error}")))
}

/// An address to send to, perhaps with a protocol in front. Port 0 stands for any free port, and nobody can be reached at that.
fn address_to_send(flag: &str, value: OsString) -> Result<String, BadFlag> {
    let value = value.string()?;
    let bad = |rule: &str| Err(BadFlag(format!("{flag} {value:?} {rule}")));
    let host_and_port = match value.split_once("://") {
        Some(("unix" | "unixgram", "")) => return bad("has no path: name the socket of the server"),
        Some(("unix" | "unixgram", _)) => return Ok(value),
        Some(("udp" | "tcp", rest)) => rest,
        Some(_) => return bad("has an unknown protocol: write udp://, tcp://, unix:// or unixgram://"),
        None => &value,
    };
    let address = Address::parse(flag, host_and_port.into())?;
    match address.0.rsplit_once(':') {
        Some((_, port)) if port.trim_start_matches('0').is_empty() => {
            bad("has port 0: name the port of the server")
        }
        _ => Ok(value),
    }
}

fn database(value: OsString) -> Result<PathBuf, BadFlag> {
    if value.is_empty() {
        return Err(BadFlag("--database is empty: name a file, such as quotes.db".to_owned()));
    }
    Ok(PathBuf::from(value))
}

fn traffic(value: OsString) -> Result<u32, BadFlag> {
    let what = format!("a whole number from 0 to {MAX_TRAFFIC} (requests a second)");
    number("--traffic", value, 0..=MAX_TRAFFIC, &what)
}

fn fail_rate(value: OsString) -> Result<f64, BadFlag> {
    number("--fail-rate", value, 0.0..=1.0, "a number from 0 to 1 (a share of the calls)")
}

fn rules_window(value: OsString) -> Result<Duration, BadFlag> {
    number("--rules-window", value, 1..=86_400, "a whole number from 1 to 86400 (seconds)")
        .map(Duration::from_secs)
}

fn number<N: FromStr + PartialOrd>(
    flag: &str,
    value: OsString,
    range: RangeInclusive<N>,
    what: &str,
) -> Result<N, BadFlag> {
    let value = value.string()?;
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| BadFlag(format!("{flag} {value:?} is not {what}")))
}

impl Address {
    fn parse(flag: &str, value: OsString) -> Result<Self, BadFlag> {
        let value = value.string()?;
        if value.parse::<SocketAddr>().is_ok() || is_name_and_port(&value) {
            return Ok(Self(value));
        }
        Err(BadFlag(format!("{flag} {value:?} is not an address: write host:port, with a port up to 65535")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name_and_port(value: &str) -> bool {
    let name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    value.rsplit_once(':').is_some_and(|(name, port)| {
        !name.is_empty()
            && name.bytes().all(name_byte)
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BadFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (--help lists the flags)", self.0)
    }
}

impl From<lexopt::Error> for BadFlag {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Arguments {
        let arguments = ["quote-of-the-day"].iter().chain(arguments).map(OsString::from);
        match parse(arguments) {
            Ok(Command::Run(arguments)) => arguments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_flags_the_defaults_hold() {
        let run = parsed(&[]);
        assert_eq!(run.listen.as_str(), "127.0.0.1:8080");
        assert_eq!(run.metrics_listen.as_str(), "127.0.0.1:9464");
        assert_eq!(run.statsd, None);
        assert_eq!(run.database, PathBuf::from("quotes.db"));
        assert_eq!((run.fail_rate, run.traffic), (0.0, 0));
    }

    #[test]
    fn every_flag_is_taken_in_both_spellings() {
        let run = parsed(&[
            "--listen=[::1]:0",
            "--metrics-listen",
            "localhost:1",
            "--statsd",
            "tcp://graphite.example:8125",
            "--statsd-flavor=dogstatsd",
            "--statsd-prefix",
            "quotes",
            "--database=a b.db",
            "--fail-rate",
            "0.25",
            "--traffic",
            "10000",
        ]);
        assert_eq!(run.listen.as_str(), "[::1]:0");
        assert_eq!(run.metrics_listen.as_str(), "localhost:1");
        let statsd = Statsd {
            address: "tcp://graphite.example:8125".to_owned(),
            flavor: Flavor::DogStatsD,
            prefix: "quotes".to_owned(),
        };
        assert_eq!(run.statsd.unwrap(), statsd);
        assert_eq!(run.database, PathBuf::from("a b.db"));
        assert_eq!((run.fail_rate, run.traffic), (0.25, 10_000));
    }

    #[test]
    fn a_document_is_printed_instead_of_a_run() {
        let seconds = |seconds| Document::Rules { window: Duration::from_secs(seconds) };
        for (flags, expected) in [
            (&["--print-rules"][..], seconds(300)),
            (&["--rules-window=10", "--print-rules"], seconds(10)),
            (&["--print-dashboard"], Document::Dashboard),
        ] {
            let arguments = ["quote-of-the-day", "--database=a"].iter().chain(flags).map(OsString::from);
            match parse(arguments) {
                Ok(Command::Print(document, database)) => {
                    assert_eq!((document, database), (expected, PathBuf::from("a")));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

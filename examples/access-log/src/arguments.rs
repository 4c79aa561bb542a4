//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt};

use crate::format::Format;
use crate::routes::Routes;

pub(crate) const HELP: &str = "\
Follows an access log and serves rate, errors and duration of its requests to Prometheus.

Usage: access-log [FLAGS] FILE

Flags:
  --format FORMAT   what its lines look like: `combined`, or the text of nginx's log_format, which has
                    to have $status and \"$request\", or $request_method and $request_uri; with
                    $request_time there are durations [default: combined]
  --route PATTERN   a route to tell apart, such as /quotes/{id} or /static/{*path}; again for each.
                    All other paths are the route `other`
  --from-start      count what the file holds already, too
  --listen ADDR     where the metrics are served; port 0 is any free one [default: 127.0.0.1:9465]
  -h, --help        print this help
";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Run(Box<Arguments>),
    Help,
}

/// The settings of a run.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) file: PathBuf,
    pub(crate) format: Format,
    pub(crate) routes: Routes,
    pub(crate) from_start: bool,
    pub(crate) listen: String,
}

/// Reads the command line; the error is one sentence that names the flag and the rule.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    read(arguments).map_err(|error| format!("{error} (--help lists the flags)"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let (mut file, mut format, mut routes) = (None, "combined".to_owned(), Routes::default());
    let (mut from_start, mut listen) = (false, "127.0.0.1:9465".to_owned());
    let mut parser = lexopt::Parser::from_iter(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("format") => format = parser.value()?.string()?,
            Long("route") => {
                let pattern = parser.value()?.string()?;
                routes.add(&pattern).map_err(|rule| format!("--route {pattern:?}: {rule}"))?;
            }
            Long("from-start") => from_start = true,
            Long("listen") => listen = parser.value()?.string()?,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(path) if file.is_none() => file = Some(path.into()),
            _ => return Err(argument.unexpected()),
        }
    }
    let file = file.ok_or("no FILE: name the log to follow")?;
    let format = format.parse().map_err(|rule| format!("--format: {rule}"))?;
    Ok(Command::Run(Box::new(Arguments { file, format, routes, from_start, listen })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, String> {
        parse(["access-log"].iter().chain(arguments).map(OsString::from))
    }

    #[test]
    fn a_file_is_enough() {
        let Ok(Command::Run(run)) = parsed(&["access.log"]) else { panic!("no run") };
        assert_eq!((run.file, run.format), (PathBuf::from("access.log"), "combined".parse().unwrap()));
        assert_eq!((run.from_start, &*run.listen), (false, "127.0.0.1:9465"));
    }

    #[test]
    fn what_cannot_be_followed_is_named() {
        for (arguments, part) in [
            (&[][..], "no FILE"),
            (&["a.log", "b.log"], "b.log"),
            (&["--route", "quotes", "a.log"], "--route \"quotes\": it has to begin with /"),
            (&["--route", "/a/{id}", "--route", "/a/{name}", "a.log"], "--route \"/a/{name}\""),
            (&["--format", "$status", "a.log"], "--format: it has no $request"),
        ] {
            let error = parsed(arguments).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}

//! The format of a log, and how a line is taken apart by it.

use std::str::FromStr;

use crate::request::{self, Request};

/// Of nginx and, under this name, of Apache: <https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format>.
const COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

/// What always has a space in it.
const WITH_SPACES: [&str; 2] = ["request", "time_local"];

/// A text with variables, as nginx's `log_format` has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Format {
    /// What stands before the first variable.
    prefix: String,
    /// Each variable with the text behind it, which only that of the last may lack.
    variables: Vec<(Variable, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Variable {
    Request,
    Method,
    Target,
    Status,
    Duration,
    Ignored,
}

impl Format {
    /// Whether its lines say how long a request took.
    pub(crate) fn has_duration(&self) -> bool {
        self.has(Variable::Duration)
    }

    /// What a line says. `None` if it is not of this format, or has no status.
    pub(crate) fn read<'l>(&self, line: &'l str) -> Option<Request<'l>> {
        let (mut method, mut target, mut status, mut duration) = ("", "", None, None);
        let mut rest = line.strip_prefix(&self.prefix)?;
        for (variable, text) in &self.variables {
            let value;
            (value, rest) = if text.is_empty() { (rest, "") } else { split_at_unescaped(rest, text)? };
            match variable {
                Variable::Request => (method, target) = request::request_line(value),
                Variable::Method => method = value,
                Variable::Target => target = value,
                Variable::Status => status = request::status(value),
                Variable::Duration => duration = request::duration(value),
                Variable::Ignored => {}
            }
        }
        let (method, path) = (request::method(method), request::path(target));
        rest.is_empty().then_some(Request { method, path, status: status?, duration })
    }

    fn has(&self, variable: Variable) -> bool {
        self.variables.iter().any(|(each, _)| *each == variable)
    }
}

/// From the text of a `log_format`, or its name if that is `combined`. The error is the rule that it breaks.
impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut pieces = if text == "combined" { COMBINED } else { text }.split('$');
        let prefix = pieces.next().unwrap_or_default().to_owned();
        let variables = pieces.map(variable).collect::<Result<Vec<_>, _>>()?;
        if let Some([(first, _), (second, _)]) = variables.windows(2).find(|pair| pair[0].1.is_empty()) {
            return Err(format!(
                "nothing stands between ${first} and ${second}, so nobody can tell where one ends"
            ));
        }
        if let Some((name, _)) =
            variables.iter().find(|(name, text)| WITH_SPACES.contains(name) && text == " ")
        {
            return Err(format!(
                "a space ends ${name}, which holds spaces itself, so no line would be read: put it in quotes, in your log_format too"
            ));
        }
        let variables = variables.into_iter().map(|(name, text)| (Variable::named(name), text)).collect();
        let format = Self { prefix, variables };
        let has_request = format.has(Variable::Request);
        if !(has_request || format.has(Variable::Method) && format.has(Variable::Target)) {
            return Err("it has no $request, nor both $request_method and $request_uri".to_owned());
        }
        if !format.has(Variable::Status) {
            return Err("it has no $status".to_owned());
        }
        Ok(format)
    }
}

impl Variable {
    fn named(name: &str) -> Self {
        match name {
            "request" => Self::Request,
            "request_method" => Self::Method,
            "request_uri" | "uri" | "document_uri" => Self::Target,
            "status" => Self::Status,
            "request_time" => Self::Duration,
            _ => Self::Ignored,
        }
    }
}

/// A variable's name, from behind its `$`, and the text behind it. `${name}` is the same as `$name`.
fn variable(piece: &str) -> Result<(&str, String), String> {
    let (is_braced, piece) = piece.strip_prefix('{').map_or((false, piece), |piece| (true, piece));
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let (name, mut text) = piece.split_at(piece.find(|character| !is_name(character)).unwrap_or(piece.len()));
    if is_braced {
        text = text.strip_prefix('}').ok_or_else(|| format!("${{{name} has no }} behind its name"))?;
    }
    if name.is_empty() {
        return Err("a $ has no name behind it".to_owned());
    }
    Ok((name, text.to_owned()))
}

/// What stands before and after the first `text`. A character after a backslash is part of a value: Apache writes `\"` for a quote within one, nginx `\x22`.
fn split_at_unescaped<'l>(line: &'l str, text: &str) -> Option<(&'l str, &'l str)> {
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        if !escaped && let Some(rest) = line[at..].strip_prefix(text) {
            return Some((&line[..at], rest));
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn combined() -> Format {
        "combined".parse().unwrap()
    }

    #[test]
    fn a_line_of_the_combined_format_is_read() {
        let line = r#"127.0.0.1 - ann [25/Nov/2026:18:00:00 +0000] "GET /quotes/1?a=b HTTP/1.1" 200 15 "-" "curl/7.88.1""#;
        let request = Request { method: "GET", path: "/quotes/1", status: 200, duration: None };
        assert_eq!(combined().read(line), Some(request));
    }

    #[test]
    fn a_format_with_the_time_of_requests_has_durations() {
        let format: Format = r#"$request_time ${request_method} "$request_uri" $status"#.parse().unwrap();
        let request = Request {
            method: "POST",
            path: "/quotes",
            status: 503,
            duration: Some(Duration::from_millis(1_250)),
        };
        assert_eq!(format.read(r#"1.250 POST "/quotes?x" 503"#), Some(request));
        assert!(format.has_duration() && !combined().has_duration());
    }

    #[test]
    fn a_quote_that_is_escaped_ends_no_value() {
        let format: Format = r#""$http_user_agent" "$request" $status"#.parse().unwrap();
        for agent in [r#"\" \""#, r"\\", r"\x22"] {
            let line = format!(r#""{agent}" "GET / HTTP/1.1" 404"#);
            assert_eq!(format.read(&line).map(|request| request.status), Some(404), "{line}");
        }
    }

    #[test]
    fn a_line_of_another_format_is_not_read() {
        let line = r#"127.0.0.1 - - [25/Nov/2026:18:00:00 +0000] "GET / HTTP/1.1" 200 15 "-" "curl/7.88.1""#;
        assert!(combined().read(line).is_some());
        for line in ["", "hello", &line[1..40], &format!("{line} 0.003"), &line.replace(" 200 ", " 2000 ")] {
            assert_eq!(combined().read(line), None, "{line}");
        }
    }

    #[test]
    fn a_format_that_cannot_be_read_is_refused() {
        for (text, part) in [
            ("$request", "no $status"),
            ("$request_method $status", "$request_uri"),
            ("$status$request", "between $status and $request"),
            ("$request $status", "a space ends $request"),
            ("[$time_local $status \"$request\"", "a space ends $time_local"),
            ("\"$request\" $status ${request_time", "${request_time has no }"),
            ("\"$request\" $status ${request-time}", "${request has no }"),
            ("\"$request\" $status $", "a $ has no name"),
            ("\"$request\" $status ${}", "a $ has no name"),
        ] {
            let error = text.parse::<Format>().unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}

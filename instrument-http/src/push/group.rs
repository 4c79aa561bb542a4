use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::PushError;

/// The labels of what is pushed, by which the gateway tells one job's metrics from another's.
///
/// Source: the Pushgateway's README, "URL".
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    job: String,
    labels: Vec<(String, String)>,
}

impl Group {
    pub(super) fn set_job(&mut self, job: String) {
        self.job = job;
    }

    pub(super) fn add(&mut self, label: String, value: String) {
        self.labels.push((label, value));
    }

    /// The group's path.
    pub(super) fn path(&self) -> Result<String, PushError> {
        if self.job.is_empty() {
            return Err(invalid("job", "name the job, by `job`: metrics without one belong to nobody"));
        }
        let mut path = String::from("/metrics");
        push_pair(&mut path, "job", &self.job);
        for (index, (label, value)) in self.labels.iter().enumerate() {
            check(label)?;
            if self.labels[..index].iter().any(|(other, _)| other == label) {
                return Err(invalid(label, "a label is given once"));
            }
            push_pair(&mut path, label, value);
        }
        Ok(path)
    }
}

fn check(label: &str) -> Result<(), PushError> {
    let is_letter = |char: char| char.is_ascii_alphabetic() || char == '_';
    if label == "job" {
        Err(invalid(label, "the job is given by `job`"))
    } else if label.starts_with("__") {
        Err(invalid(label, "names that begin with two underscores are Prometheus' own"))
    } else if !label.starts_with(is_letter)
        || !label.chars().all(|char| is_letter(char) || char.is_ascii_digit())
    {
        Err(invalid(label, "a label has letters, digits and underscores, and no digit first"))
    } else {
        Ok(())
    }
}

fn invalid(label: &str, rule: &'static str) -> PushError {
    PushError::InvalidGroup { label: label.to_owned(), rule }
}

/// Appends a label and its value. One that a path cannot hold, or that is lost where paths are tidied up, is in Base64.
fn push_pair(path: &mut String, label: &str, value: &str) {
    if value.contains('/') || matches!(value, "." | "..") {
        let _ = write!(path, "/{label}@base64/{}", URL_SAFE_NO_PAD.encode(value));
    } else if value.is_empty() {
        let _ = write!(path, "/{label}@base64/=");
    } else {
        let _ = write!(path, "/{label}/");
        push_segment(path, value);
    }
}

/// Appends a segment of a path: RFC 3986, section 2.
fn push_segment(path: &mut String, segment: &str) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(byte.into());
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(job: &str, labels: &[(&str, &str)]) -> Result<String, PushError> {
        let mut group = Group::default();
        group.set_job(job.to_owned());
        labels.iter().for_each(|(label, value)| group.add((*label).to_owned(), (*value).to_owned()));
        group.path()
    }

    #[test]
    fn values_are_written_so_that_a_path_can_hold_them() {
        for (value, written) in [
            ("db-1", "/instance/db-1"),
            ("a b%é:+", "/instance/a%20b%25%C3%A9%3A%2B"),
            // As in the gateway's README.
            ("/var/tmp", "/instance@base64/L3Zhci90bXA"),
            ("", "/instance@base64/="),
            ("..", "/instance@base64/Li4"),
            ("x/~??", "/instance@base64/eC9-Pz8"),
        ] {
            assert_eq!(path("x", &[("instance", value)]).unwrap(), format!("/metrics/job/x{written}"));
        }
        assert_eq!(path("a/b", &[]).unwrap(), "/metrics/job@base64/YS9i");
    }

    #[test]
    fn what_is_no_group_is_refused_by_its_name() {
        for (labels, named) in [
            (&[("job", "x")][..], "job"),
            (&[("__name__", "x")], "__name__"),
            (&[("a", "x"), ("b", "x"), ("a", "y")], "a"),
            (&[("é", "x")], "é"),
            (&[("1a", "x")], "1a"),
            (&[("", "x")], ""),
            (&[("a@base64", "x")], "a@base64"),
        ] {
            let error = path("x", labels).unwrap_err();
            assert!(matches!(&error, PushError::InvalidGroup { label, .. } if label == named), "{error:?}");
        }
        assert!(path("", &[]).unwrap_err().to_string().contains("`job`"));
    }
}

//! A quotation that somebody sends in: a `Submission` that exists keeps all the rules.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use crate::day::Day;
use crate::problem::Problem;

const MAX_BODY: usize = 16 * 1024;
/// How much of a body beyond [`MAX_BODY`] is read and thrown away. A client that still sends when the connection
/// closes may never see the answer.
const MAX_DISCARDED: usize = 1024 * 1024;
/// How long a client may take to send the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

const MAX_TEXT: usize = 1_000;
const MAX_AUTHOR: usize = 100;
const FIRST_YEAR: i32 = -3_000;

/// The text, author and year of a new quotation.
#[derive(Debug, PartialEq)]
pub(crate) struct Submission {
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) year: Option<i32>,
}

impl<S: Send + Sync> FromRequest<S> for Submission {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let body = tokio::time::timeout(BODY_TIMEOUT, read(body)).await.map_err(|_| {
            let seconds = BODY_TIMEOUT.as_secs();
            Problem::new(StatusCode::REQUEST_TIMEOUT, format!("the body took longer than {seconds} seconds"))
        })??;
        if !is_json(&head.headers) {
            let detail = "the body must be JSON, and its Content-Type application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let value = serde_json::from_slice(&body).map_err(|error| {
            Problem::new(StatusCode::BAD_REQUEST, format!("the body is not well-formed JSON: {error}"))
        })?;
        match value {
            Value::Object(fields) => Self::from_fields(&fields, Day::today().year()),
            other => Err(unprocessable(format!(
                "the body must be an object with text and author, not {}",
                kind(&other)
            ))),
        }
    }
}

impl Submission {
    fn from_fields(fields: &Map<String, Value>, this_year: i32) -> Result<Self, Problem> {
        Ok(Self {
            text: line(fields, "text", MAX_TEXT)?,
            author: line(fields, "author", MAX_AUTHOR)?,
            year: year(fields.get("year"), this_year)?,
        })
    }
}

async fn read(mut body: Body) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Problem::new(StatusCode::BAD_REQUEST, format!("the body ended before it was whole: {error}"))
        })?;
        let Some(data) = frame.data_ref() else { continue };
        length += data.len();
        if length <= MAX_BODY {
            bytes.extend_from_slice(data);
        } else if length > MAX_DISCARDED {
            break;
        }
    }
    if length > MAX_BODY {
        let detail = format!("the body is longer than {} KiB", MAX_BODY / 1024);
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(bytes)
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// A required field of text on one line, without the space around it.
fn line(fields: &Map<String, Value>, field: &'static str, max_characters: usize) -> Result<String, Problem> {
    let broken = |rule: String| Err(unprocessable(format!("{field} {rule}")).in_field(field));
    let text = match fields.get(field) {
        None => return broken("is missing".to_owned()),
        Some(Value::String(text)) => text.trim(),
        Some(other) => return broken(format!("must be a string, not {}", kind(other))),
    };
    if text.is_empty() {
        return broken("is empty".to_owned());
    }
    let characters = text.chars().count();
    if characters > max_characters {
        return broken(format!("has {characters} characters: at most {max_characters} are allowed"));
    }
    if let Some(control) = text.chars().find(|character| character.is_control()) {
        return broken(format!(
            "contains the control character U+{:04X}: write it on one line",
            u32::from(control)
        ));
    }
    Ok(text.to_owned())
}

fn year(value: Option<&Value>, this_year: i32) -> Result<Option<i32>, Problem> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    let year = value.as_i64().and_then(|year| i32::try_from(year).ok());
    let year = year.filter(|year| (FIRST_YEAR..=this_year).contains(year) && *year != 0);
    year.map(Some).ok_or_else(|| {
        let rule =
            format!("year must be a whole number from {FIRST_YEAR} to {this_year}, but not 0, or null");
        unprocessable(rule).in_field("year")
    })
}

fn unprocessable(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

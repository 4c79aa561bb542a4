//! Which page of the quotations a request asks for, and how the next one is asked for.

use std::ops::RangeBounds;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;

/// The query of `GET /quotes`. A parameter without a value counts as absent, as HTML forms send it so.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Listing {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<String>,
    pub(crate) limit: u32,
    /// The id after which the page begins.
    pub(crate) after: i64,
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Parameters {
            author: Option<String>,
            limit: Option<String>,
            after: Option<String>,
        }
        let Query(given): Query<Parameters> = Query::try_from_uri(&parts.uri)
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
        Ok(Self {
            author: given.author.filter(|author| !author.is_empty()),
            limit: number("limit", given.limit, 1..=MAX_LIMIT, "a whole number from 1 to 100")?
                .unwrap_or(DEFAULT_LIMIT),
            after: number("after", given.after, 0.., "an id, a whole number from 0")?.unwrap_or(0),
        })
    }
}

impl Listing {
    /// The address of the page that begins after `after`.
    pub(crate) fn path_after(self, after: i64) -> Option<String> {
        let query = serde_urlencoded::to_string(Self { after, ..self }).ok()?;
        Some(format!("/quotes?{query}"))
    }
}

fn number<N: FromStr + PartialOrd>(
    name: &'static str,
    value: Option<String>,
    allowed: impl RangeBounds<N>,
    rule: &str,
) -> Result<Option<N>, Problem> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    match value.parse().ok().filter(|number| allowed.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(Problem::new(StatusCode::BAD_REQUEST, format!("{name} must be {rule}")).in_field(name)),
    }
}

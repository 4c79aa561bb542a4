//! What the app answers, and to what.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Json, Router};
use instrument_core::instrument_red;
use instrument_http::tower::RedLayer;
use serde::Serialize;

use crate::day::Day;
use crate::listing::Listing;
use crate::page;
use crate::problem::Problem;
use crate::quotes::{Addition, Quote, Quotes};
use crate::submission::Submission;

pub(crate) fn router(quotes: Quotes) -> Router {
    Router::new()
        .route("/", get(today_as_page))
        .route("/quote", get(today))
        .route("/quotes", get(list).post(add))
        .route("/quotes/{id}", get(by_id))
        .route("/random", get(random))
        .route("/healthz", get(healthz))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(RedLayer::new())
        .with_state(quotes)
}

#[instrument_red]
async fn today_as_page(State(quotes): State<Quotes>) -> Result<impl IntoResponse, Problem> {
    let today = Day::today();
    let quote = quotes.of_day(today).await?;
    quotes.metrics.count_served([&quote]);
    let headers = [
        (CONTENT_SECURITY_POLICY, page::POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, Html(page::render(today, &quote))))
}

#[instrument_red(slo(latency = "50ms", target = 0.99, success = 0.99))]
async fn today(State(quotes): State<Quotes>) -> Result<impl IntoResponse, Problem> {
    #[derive(Serialize)]
    struct QuoteOfTheDay {
        date: String,
        #[serde(flatten)]
        quote: Quote,
    }
    let today = Day::today();
    let quote = quotes.of_day(today).await?;
    quotes.metrics.count_served([&quote]);
    Ok(Json(QuoteOfTheDay { date: today.to_string(), quote }))
}

#[instrument_red]
async fn list(State(quotes): State<Quotes>, listing: Listing) -> Result<impl IntoResponse, Problem> {
    #[derive(Serialize)]
    struct Page {
        quotes: Vec<Quote>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    }
    // One more than asked for shows whether there is a next page.
    let mut page = quotes.page(listing.author.clone(), listing.after, listing.limit + 1).await?;
    let limit = listing.limit as usize;
    let more = page.len() > limit;
    page.truncate(limit);
    quotes.metrics.count_served(&page);
    let last = page.last().filter(|_| more).map(|quote| quote.id);
    let next = last.and_then(|id| listing.path_after(id));
    Ok(Json(Page { quotes: page, next }))
}

#[instrument_red(err_if = Problem::is_failure)]
async fn by_id(
    State(quotes): State<Quotes>,
    id: Result<Path<i64>, PathRejection>,
    uri: Uri,
) -> Result<impl IntoResponse, Problem> {
    // What is no number is no quotation's id either.
    let found = match id {
        Ok(Path(id)) => quotes.by_id(id).await?,
        Err(_) => None,
    };
    quotes.metrics.count_served(&found);
    found.map(Json).ok_or_else(|| {
        let detail = format!("there is no quotation at {}", uri.path());
        Problem::new(StatusCode::NOT_FOUND, detail)
    })
}

#[instrument_red(err_if = Problem::is_failure)]
async fn add(State(quotes): State<Quotes>, submission: Submission) -> Result<impl IntoResponse, Problem> {
    match quotes.add(submission).await? {
        Addition::Stored(quote) => {
            quotes.metrics.stored.inc();
            Ok((StatusCode::CREATED, [(LOCATION, format!("/quotes/{}", quote.id))], Json(quote)))
        }
        Addition::Known(id) => Err(Problem::new(
            StatusCode::CONFLICT,
            format!("this quotation is here already, as /quotes/{id}"),
        )),
    }
}

#[instrument_red]
async fn random(State(quotes): State<Quotes>) -> Result<impl IntoResponse, Problem> {
    let quote = quotes.random().await?;
    quotes.metrics.count_served([&quote]);
    Ok(([(CACHE_CONTROL, "no-store")], Json(quote)))
}

/// Whether the app can do its work, for whoever decides on sending it requests.
#[instrument_red]
async fn healthz(State(quotes): State<Quotes>) -> Result<impl IntoResponse, Problem> {
    #[derive(Serialize)]
    struct Health {
        status: &'static str,
    }
    quotes.check().await.map_err(Problem::unavailable)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(Health { status: "ok" })))
}

async fn unknown_path(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("there is nothing at {}", uri.path()))
}

/// The router adds the `Allow` header.
async fn wrong_method(method: Method, uri: Uri) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible on {}", uri.path()))
}

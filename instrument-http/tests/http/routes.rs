//! What stands in the labels: routes and methods, of which there are as many as the service has.

use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get};
use instrument_http::tower::Route;

use crate::app::App;
use crate::client::request;

async fn tell_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

fn users() -> Router {
    Router::new().route("/{id}", get(async || "a user"))
}

#[tokio::test]
async fn the_route_is_the_template_and_not_the_path() {
    let app = App::serve(Router::new().route("/quotes/{id}", get(async || "Know thyself."))).await;
    assert_eq!(request(app.address, "GET", "/quotes/17?full=1").await.body, "Know thyself.");
    app.recorded_once(&[
        ("http_request_method", "GET"),
        ("http_route", "/quotes/{id}"),
        ("http_response_status_code", "200"),
    ])
    .await;
}

#[tokio::test]
async fn the_route_of_a_nested_router_is_whole() {
    let app = App::serve(Router::new().nest("/api", Router::new().nest("/users", users()))).await;
    assert_eq!(request(app.address, "GET", "/api/users/7").await.status, 200);
    assert_eq!(app.requests(&[("http_route", "/api/users/{id}")]), 1);
}

#[tokio::test]
async fn a_layer_in_a_nested_router_sees_the_whole_route_too() {
    let app = App::serve_with(|layer| Router::new().nest("/users", users().layer(layer))).await;
    assert_eq!(request(app.address, "GET", "/users/7").await.status, 200);
    assert_eq!(app.requests(&[("http_route", "/users/{id}")]), 1);
}

#[tokio::test]
async fn a_router_mounted_as_a_service_has_no_route_unless_it_tells() {
    let silent = App::serve(Router::new().nest_service("/users", users())).await;
    assert_eq!(request(silent.address, "GET", "/users/7").await.status, 200);
    silent.recorded_once(&[("http_request_method", "GET"), ("http_response_status_code", "200")]).await;

    let telling = users().layer(middleware::from_fn(tell_route));
    let told = App::serve(Router::new().nest_service("/users", telling)).await;
    assert_eq!(request(told.address, "GET", "/users/7").await.status, 200);
    assert_eq!(told.requests(&[("http_route", "/users/{id}")]), 1);
}

#[tokio::test]
async fn a_layer_around_the_router_learns_the_route_from_the_response() {
    let router = users().layer(middleware::from_fn(tell_route));
    let app = App::serve_service(router).await;
    assert_eq!(request(app.address, "GET", "/7").await.status, 200);
    assert_eq!(app.requests(&[("http_route", "/{id}")]), 1);
}

#[tokio::test]
async fn a_service_tells_its_own_route() {
    let app = App::serve(Router::new().fallback(async || {
        let mut response = Response::new("found".to_owned());
        response.extensions_mut().insert(Route::from(Arc::<str>::from("/objects/{key}")));
        response
    }))
    .await;
    assert_eq!(request(app.address, "GET", "/objects/a/b/c").await.body, "found");
    assert_eq!(app.requests(&[("http_route", "/objects/{key}")]), 1);
}

#[tokio::test]
async fn a_path_without_route_is_in_no_label() {
    let app = App::serve(users().fallback(async || (StatusCode::NOT_FOUND, "nothing here"))).await;
    assert_eq!(request(app.address, "GET", "/no/such/path").await.body, "nothing here");
    app.recorded_once(&[("http_request_method", "GET"), ("http_response_status_code", "404")]).await;
}

#[tokio::test]
async fn the_fallback_of_a_nested_router_is_no_route() {
    let nested = users().fallback(async || StatusCode::NOT_FOUND);
    let app = App::serve(Router::new().nest("/users", nested)).await;
    assert_eq!(request(app.address, "GET", "/users/7/posts").await.status, 404);
    app.recorded_once(&[("http_request_method", "GET"), ("http_response_status_code", "404")]).await;
}

#[tokio::test]
async fn a_method_that_the_route_does_not_take_is_recorded_with_the_route() {
    let app = App::serve(users()).await;
    assert_eq!(request(app.address, "DELETE", "/7").await.status, 405);
    app.recorded_once(&[
        ("http_request_method", "DELETE"),
        ("http_route", "/{id}"),
        ("http_response_status_code", "405"),
    ])
    .await;
}

#[tokio::test]
async fn a_made_up_method_is_other() {
    let app = App::serve(Router::new().route("/", any(async || "whatever"))).await;
    assert_eq!(request(app.address, "BREW", "/").await.status, 200);
    app.recorded_once(&[
        ("http_request_method", "_OTHER"),
        ("http_route", "/"),
        ("http_response_status_code", "200"),
    ])
    .await;
}

#[tokio::test]
async fn a_thousand_made_up_paths_and_methods_make_no_series() {
    let app = App::serve(users().fallback(async || StatusCode::NOT_FOUND)).await;
    for number in 0..500 {
        request(app.address, &format!("METHOD{number}"), &format!("/{number}/{number}")).await;
        request(app.address, "GET", &format!("/{number}")).await;
    }
    assert_eq!(app.requests(&[]), 1000);
    let recorded = app.recorded();
    assert_eq!(recorded.len(), 2, "{recorded:?}");
}

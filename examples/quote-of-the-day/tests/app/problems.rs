//! Requests for what is not there.

use crate::http::{get, request};
use crate::program::App;

#[test]
fn an_unknown_path_is_not_found() {
    let app = App::start();
    for path in ["/nothing", "/quotes/", "/quotes/1/2", "//", "/metrics"] {
        let detail = get(app.address, path).problem(404);
        assert!(detail.contains(path), "{detail}");
    }
}

#[test]
fn a_wrong_method_is_refused_with_those_that_are_allowed() {
    let app = App::start();
    let cases = [
        ("POST", "/", "GET,HEAD"),
        ("DELETE", "/quote", "GET,HEAD"),
        ("PUT", "/quotes", "GET,HEAD,POST"),
        ("PATCH", "/quotes/1", "GET,HEAD"),
        ("OPTIONS", "/random", "GET,HEAD"),
        ("BREW", "/healthz", "GET,HEAD"),
    ];
    for (method, path, allowed) in cases {
        let response = request(app.address, method, path);
        let detail = response.problem(405);
        assert!(detail.contains(method) && detail.contains(path), "{detail}");
        assert_eq!(response.header("allow"), Some(allowed), "{method} {path}");
    }
}

//! What can be read as JSON.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::http::{get, post, request};
use crate::program::App;

/// Today's date where the app is, asked for before and after `act` until no midnight lies between.
fn within_a_day<T>(act: impl Fn() -> T) -> (String, T) {
    let today = || jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date().to_string();
    loop {
        let (before, value, after) = (today(), act(), today());
        if before == after {
            return (before, value);
        }
    }
}

/// All quotations of a listing that begins at `path`, by its links.
fn follow(app: &App, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = get(app.address, &path).json();
        pages.push(page["quotes"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    pages
}

#[test]
fn the_quotation_of_the_day_has_the_date_in_utc_and_is_a_stored_one() {
    let app = App::start();
    let (date, mut today) = within_a_day(|| get(app.address, "/quote").json());
    assert_eq!(today["date"], json!(date));
    let keys: HashSet<_> = today.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, HashSet::from(["date", "id", "text", "author", "year"]));

    let stored = get(app.address, &format!("/quotes/{}", today["id"])).json();
    today.as_object_mut().unwrap().remove("date");
    assert_eq!(stored, today);
}

#[test]
fn the_quotation_of_the_day_stays_when_others_are_added() {
    let app = App::start();
    let (_, (before, after)) = within_a_day(|| {
        let before = get(app.address, "/quote").json();
        for number in 0..7 {
            post(app.address, json!({"text": format!("New {number}"), "author": "Tester"}).to_string());
        }
        (before, get(app.address, "/quote").json())
    });
    assert_eq!(after, before);
}

#[test]
fn a_listing_gives_every_quotation_once_in_the_order_of_ids() {
    let app = App::start();
    let pages = follow(&app, "/quotes");
    let (last, full) = pages.split_last().unwrap();
    assert!(full.iter().all(|page| page.len() == 20), "20 is the default");
    assert!((1..=20).contains(&last.len()));
    let ids: Vec<_> = pages.iter().flatten().map(|quote| quote["id"].as_i64().unwrap()).collect();
    assert!(ids.len() >= 60);
    assert!(ids.is_sorted_by(|one, other| one < other));
    let stored: i64 = app.connect().query_row("SELECT count(*) FROM quotes", [], |row| row.get(0)).unwrap();
    assert_eq!(ids.len() as i64, stored);
    assert_eq!(follow(&app, "/quotes?limit=100").len(), ids.len().div_ceil(100));
}

#[test]
fn a_listing_that_ends_with_a_full_page_has_no_link_to_an_empty_one() {
    let app = App::start();
    let stored = follow(&app, "/quotes").concat().len();
    let pages = follow(&app, &format!("/quotes?limit=10&after={}", stored - 30));
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 10]);
}

#[test]
fn a_listing_of_an_author_keeps_to_that_author_on_every_page() {
    let app = App::start();
    for number in 0..5 {
        for author in ["Zoë & Co = 100%", "Zoe"] {
            post(app.address, json!({"text": format!("№ {number}"), "author": author}).to_string());
        }
    }
    let pages = follow(&app, "/quotes?author=Zo%C3%AB+%26%20Co+%3D+100%25&limit=2");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let texts: Vec<_> = pages.concat().iter().map(|quote| quote["text"].clone()).collect();
    assert_eq!(texts, ["№ 0", "№ 1", "№ 2", "№ 3", "№ 4"]);
    assert_eq!(get(app.address, "/quotes?author=Nobody").json(), json!({"quotes": []}));
}

#[test]
fn a_parameter_without_a_value_counts_as_absent() {
    let app = App::start();
    let with = get(app.address, "/quotes?author=&limit=&after=").json();
    assert_eq!(with["quotes"], get(app.address, "/quotes").json()["quotes"]);
}

#[test]
fn a_bad_limit_or_after_is_a_problem_that_names_it() {
    let app = App::start();
    for limit in ["0", "101", "-1", "ten", "1.5", "99999999999999999999"] {
        get(app.address, &format!("/quotes?limit={limit}")).problem_in(400, "limit");
    }
    for after in ["-1", "x", "1e3", "9223372036854775808"] {
        get(app.address, &format!("/quotes?limit=5&after={after}")).problem_in(400, "after");
    }
    let twice = get(app.address, "/quotes?limit=1&limit=2").problem(400);
    assert!(twice.contains("limit"), "{twice}");
}

#[test]
fn what_is_not_the_id_of_a_quotation_is_not_found() {
    let app = App::start();
    for id in ["0", "-1", "1000000", "abc", "1x", "99999999999999999999", "%ff", "%00", "1%2F2"] {
        let detail = get(app.address, &format!("/quotes/{id}")).problem(404);
        assert!(detail.contains(&format!("/quotes/{id}")), "{detail}");
    }
}

#[test]
fn a_random_quotation_is_a_stored_one_and_not_always_the_same() {
    let app = App::start();
    let stored = follow(&app, "/quotes?limit=100").concat();
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let response = get(app.address, "/random");
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert!(stored.contains(&response.json()));
        seen.insert(response.body);
    }
    assert!(seen.len() > 1);
}

#[test]
fn the_health_check_fails_when_the_database_does_not_answer() {
    let app = App::start();
    assert_eq!(get(app.address, "/healthz").json(), json!({"status": "ok"}));
    app.connect().execute_batch("ALTER TABLE quotes RENAME TO hidden").unwrap();
    get(app.address, "/healthz").problem(503);
    get(app.address, "/random").problem(500);
    app.connect().execute_batch("ALTER TABLE hidden RENAME TO quotes").unwrap();
    assert_eq!(get(app.address, "/healthz").status, 200);
}

#[test]
fn a_head_request_gets_the_head_alone() {
    let app = App::start();
    for path in ["/", "/quote", "/quotes", "/quotes/1", "/random", "/healthz"] {
        let response = request(app.address, "HEAD", path);
        assert_eq!((response.status, response.body.as_str()), (200, ""), "{path}");
    }
}

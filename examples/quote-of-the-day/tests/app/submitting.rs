//! Quotations that are sent in.

use std::io::{Read, Write};
use std::sync::Barrier;

use serde_json::json;

use crate::http::{connect, get, head, post, post_as, receive};
use crate::program::App;

#[test]
fn a_new_quotation_is_created_and_can_be_read_at_its_location() {
    let app = App::start();
    let created = post(app.address, r#"{"text": "  Ἦθος\t", "author": " Ἡράκλειτος ", "year": -500}"#);
    assert_eq!(created.status, 201);
    let quote = created.json();
    let location = format!("/quotes/{}", quote["id"]);
    assert_eq!(created.header("location"), Some(location.as_str()));
    assert_eq!(quote, json!({"id": quote["id"], "text": "Ἦθος", "author": "Ἡράκλειτος", "year": -500}));
    assert_eq!(get(app.address, &location).json(), quote);
}

#[test]
fn the_year_may_be_missing_or_null() {
    let app = App::start();
    for (text, body) in [
        ("one", r#"{"text": "one", "author": "A"}"#),
        ("two", r#"{"text": "two", "author": "A", "year": null}"#),
    ] {
        let created = post(app.address, body).json();
        assert_eq!((&created["text"], &created["year"]), (&json!(text), &json!(null)));
    }
}

#[test]
fn a_field_that_breaks_a_rule_is_named_with_the_rule() {
    let app = App::start();
    let long_text = json!({"text": "é".repeat(1_001), "author": "A"}).to_string();
    let long_author = json!({"text": "T", "author": "é".repeat(101)}).to_string();
    let cases = [
        ("text", "missing", r#"{"author": "A"}"#),
        ("text", "empty", r#"{"text": "", "author": "A"}"#),
        ("text", "empty", r#"{"text": " \n\u00a0 ", "author": "A"}"#),
        ("text", "a number", r#"{"text": 5, "author": "A"}"#),
        ("text", "null", r#"{"text": null, "author": "A"}"#),
        ("text", "an array", r#"{"text": ["T"], "author": "A"}"#),
        ("text", "1000", &long_text),
        ("text", "U+000A", r#"{"text": "one\ntwo", "author": "A"}"#),
        ("author", "missing", r#"{"text": "T"}"#),
        ("author", "empty", r#"{"text": "T", "author": "  "}"#),
        ("author", "an object", r#"{"text": "T", "author": {}}"#),
        ("author", "100", &long_author),
        ("author", "U+0000", r#"{"text": "T", "author": "A\u0000B"}"#),
        ("year", "null", r#"{"text": "T", "author": "A", "year": "1637"}"#),
        ("year", "whole number", r#"{"text": "T", "author": "A", "year": 1637.5}"#),
        ("year", "whole number", r#"{"text": "T", "author": "A", "year": true}"#),
        ("year", "not 0", r#"{"text": "T", "author": "A", "year": 0}"#),
        ("year", "-3000", r#"{"text": "T", "author": "A", "year": -3001}"#),
        ("year", "-3000", r#"{"text": "T", "author": "A", "year": 3000}"#),
        ("year", "-3000", r#"{"text": "T", "author": "A", "year": 1e300}"#),
    ];
    for (field, rule, body) in cases {
        let detail = post(app.address, body).problem_in(422, field);
        assert!(detail.contains(field) && detail.contains(rule), "{body}: {detail}");
    }
    for body in ["[]", "null", "\"text\"", "7"] {
        post(app.address, body).problem(422);
    }
}

#[test]
fn fields_may_be_as_long_as_the_rule_says() {
    let app = App::start();
    let longest = json!({"text": "é".repeat(1_000), "author": "é".repeat(100)});
    assert_eq!(post(app.address, longest.to_string()).status, 201);
}

#[test]
fn what_is_not_json_is_a_bad_request() {
    let app = App::start();
    let deep = "[".repeat(10_000);
    let bodies: [&[u8]; 6] = [
        b"",
        b"{\"text\": ",
        b"text=T",
        b"{\"text\": \"\xff\", \"author\": \"A\"}",
        b"{} {}",
        deep.as_bytes(),
    ];
    for body in bodies {
        post(app.address, body).problem(400);
    }
}

#[test]
fn another_content_type_is_refused() {
    let app = App::start();
    let body = r#"{"text": "T", "author": "A"}"#;
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/json5")]
    {
        post_as(app.address, content_type, body).problem(415);
    }
    assert_eq!(post_as(app.address, Some("Application/JSON; charset=utf-8"), body).status, 201);
}

#[test]
fn what_is_there_already_is_a_conflict_that_says_where() {
    let app = App::start();
    let location =
        post(app.address, r#"{"text": "T", "author": "A"}"#).header("location").unwrap().to_owned();
    for body in [
        r#"{"text": "T", "author": "A"}"#,
        r#"{"text": " T ", "author": "A\n"}"#,
        r#"{"text": "T", "author": "A", "year": 1700}"#,
    ] {
        let detail = post(app.address, body).problem(409);
        assert!(detail.contains(&location), "{detail}");
    }
    assert_eq!(post(app.address, r#"{"text": "T", "author": "B"}"#).status, 201);
    assert_eq!(post(app.address, r#"{"text": "t", "author": "A"}"#).status, 201);
}

#[test]
fn of_many_alike_at_once_one_alone_is_stored() {
    let app = App::start();
    let together = Barrier::new(8);
    let mut statuses: Vec<_> = std::thread::scope(|scope| {
        let posts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    post(app.address, r#"{"text": "At once", "author": "All"}"#).status
                })
            })
            .collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[test]
fn a_body_above_16_kib_is_too_large_however_it_is_sent() {
    let app = App::start();
    let body = r#"{"text": "T", "author": "A"}"#;
    let padded = |length: usize| format!("{body}{}", " ".repeat(length - body.len()));
    post(app.address, padded(16 * 1024 + 1)).problem(413);
    post(app.address, padded(500 * 1024)).problem(413);

    let mut connection = connect(app.address);
    connection.write_all(head(Some("application/json"), "transfer-encoding: chunked").as_bytes()).unwrap();
    for _ in 0..5 {
        write!(connection, "1000\r\n{}\r\n", padded(4096)).unwrap();
    }
    connection.write_all(b"0\r\n\r\n").unwrap();
    receive(&mut connection).problem(413);

    assert_eq!(post(app.address, padded(16 * 1024)).status, 201);
}

#[test]
fn a_body_without_end_is_answered_and_cut_off() {
    let app = App::start();
    let mut connection = connect(app.address);
    connection.write_all(head(Some("application/json"), "transfer-encoding: chunked").as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let cut_off = (0..1_000).any(|_| connection.write_all(chunk.as_bytes()).is_err());
    assert!(cut_off, "64 MiB were taken");
    let mut answer = Vec::new();
    // The connection ends with an error, as the client never stopped; the answer comes first.
    let _ = connection.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn a_write_waits_for_another_process_and_then_asks_to_try_again() {
    let app = App::start();
    let other = app.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = std::thread::scope(|scope| {
        let refused = scope.spawn(|| post(app.address, r#"{"text": "T", "author": "A"}"#));
        // Meanwhile reading goes on.
        while !refused.is_finished() {
            assert_eq!(get(app.address, "/quote").status, 200);
        }
        refused.join().unwrap()
    });
    refused.problem(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(post(app.address, r#"{"text": "T", "author": "A"}"#).status, 201);
}

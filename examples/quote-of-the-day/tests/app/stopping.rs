//! The end of the program.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::http::{connect, head, receive};
use crate::program::{App, End};

/// A post whose handler waits for the body.
struct HalfSent {
    connection: TcpStream,
    body: String,
}

impl HalfSent {
    fn to(app: &App, text: &str) -> Self {
        let body = json!({"text": text, "author": "A"}).to_string();
        let mut connection = connect(app.address);
        let line = format!("content-length: {}\r\nexpect: 100-continue", body.len());
        connection.write_all(head(Some("application/json"), &line).as_bytes()).unwrap();
        // The server sends this when the handler asks for the body: from here on the request is in flight.
        let mut line = [0; 25];
        connection.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self { connection, body }
    }

    fn complete(mut self) -> u16 {
        self.connection.write_all(self.body.as_bytes()).unwrap();
        receive(&mut self.connection).status
    }
}

/// Waits until the app takes no new connection, which is how its stopping shows from outside.
fn wait_until_closed(app: &App) {
    let started = Instant::now();
    while TcpStream::connect(app.address).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(10), "still open");
        std::thread::yield_now();
    }
}

#[track_caller]
fn assert_graceful(end: &End) {
    assert_eq!(end.status.code(), Some(0), "{}", end.stderr);
    assert!(end.took < Duration::from_secs(5), "{:?}", end.took);
}

#[test]
fn a_request_in_flight_is_answered_whichever_signal_comes() {
    for signal in ["TERM", "INT"] {
        let app = App::start();
        let request = HalfSent::to(&app, "In flight");
        let signalled = Instant::now();
        app.signal(signal);
        wait_until_closed(&app);
        assert_eq!(request.complete(), 201);
        let end = app.wait(signalled);
        assert_graceful(&end);
        assert!(end.took < Duration::from_secs(3), "it waits for nothing else: {:?}", end.took);
        assert_eq!(end.stderr, "");
    }
}

#[test]
fn under_load_all_requests_in_flight_are_answered() {
    let app = App::start();
    let (statuses, signalled) = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| load(&app));
        }
        let requests: Vec<_> =
            (0..30).map(|number| HalfSent::to(&app, &format!("Number {number}"))).collect();
        let signalled = Instant::now();
        app.signal("TERM");
        wait_until_closed(&app);
        (requests.into_iter().map(HalfSent::complete).collect::<Vec<_>>(), signalled)
    });
    assert_eq!(statuses, [201; 30]);
    assert_graceful(&app.wait(signalled));
}

/// Sends one request after the other until the app takes no more.
fn load(app: &App) {
    while let Ok(mut connection) = TcpStream::connect(app.address) {
        let request = connection.write_all(b"GET /quotes HTTP/1.1\r\nhost: app\r\nconnection: close\r\n\r\n");
        if request.and_then(|()| connection.read_to_end(&mut Vec::new())).is_err() {
            return;
        }
    }
}

#[test]
fn connections_without_a_request_hold_nothing_up() {
    let app = App::start();
    let silent = connect(app.address);
    let mut idle = connect(app.address);
    idle.write_all(b"GET /random HTTP/1.1\r\nhost: app\r\n\r\n").unwrap();
    assert!(idle.read(&mut [0; 4096]).unwrap() > 0);
    let end = app.stop();
    assert_graceful(&end);
    assert!(end.took < Duration::from_secs(3), "{:?}", end.took);
    drop((silent, idle));
}

#[test]
fn a_client_that_is_too_slow_is_cut_off_in_time() {
    let app = App::start();
    let slow = HalfSent::to(&app, "Never sent");
    let end = app.stop();
    assert_graceful(&end);
    assert!(end.stderr.contains("cut off"), "{}", end.stderr);
    drop(slow);
}

#[test]
fn a_second_signal_ends_the_wait() {
    let app = App::start();
    let slow = HalfSent::to(&app, "Never sent");
    let signalled = Instant::now();
    app.signal("TERM");
    wait_until_closed(&app);
    app.signal("INT");
    let end = app.wait(signalled);
    assert_graceful(&end);
    assert!(end.took < Duration::from_secs(3), "{:?}", end.took);
    drop(slow);
}

#[test]
fn a_database_call_that_waits_for_a_lock_does_not_keep_the_program_alive() {
    let app = App::start();
    let other = app.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut request = HalfSent::to(&app, "Waiting");
    let signalled = Instant::now();
    app.signal("TERM");
    wait_until_closed(&app);
    request.connection.write_all(request.body.as_bytes()).unwrap();
    app.signal("TERM");
    let end = app.wait(signalled);
    assert_graceful(&end);
    assert!(end.took < Duration::from_millis(1_500), "the call itself waits two seconds: {:?}", end.took);
}

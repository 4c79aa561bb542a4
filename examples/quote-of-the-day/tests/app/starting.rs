//! The command line, and what the program prints.

use std::net::TcpListener;

use crate::http::get;
use crate::program::{App, run};

#[test]
fn it_prints_its_two_addresses_and_nothing_else() {
    let app = App::start(); // fails unless both lines are as they should be
    assert_ne!(app.address.port(), 0);
    assert_eq!(get(app.address, "/healthz").status, 200);
    let end = app.stop();
    assert_eq!((end.stdout.as_str(), end.stderr.as_str()), ("", ""));
}

#[test]
fn a_flag_that_cannot_be_followed_is_one_line_and_status_2() {
    let cases: [(&[&str], &str); 26] = [
        (&["--nonsense"], "--nonsense"),
        (&["-x"], "-x"),
        (&["quotes.db"], "quotes.db"),
        (&["--listen"], "--listen"),
        (&["--listen", "8080"], "--listen \"8080\""),
        (&["--listen", "127.0.0.1:70000"], "--listen"),
        (&["--listen", "http://127.0.0.1:80"], "--listen"),
        (&["--metrics-listen", ":9464"], "--metrics-listen"),
        (&["--statsd", "localhost"], "--statsd"),
        (&["--statsd", "127.0.0.1:0"], "--statsd"),
        (&["--statsd", "tcp://127.0.0.1:0"], "port 0"),
        (&["--statsd", "http://127.0.0.1:8125"], "unknown protocol"),
        (&["--statsd", "unix://"], "no path"),
        (&["--statsd", "127.0.0.1:8125", "--statsd-flavor", "datadog"], "`datadog`"),
        (&["--statsd-flavor", "etsy"], "without --statsd"),
        (&["--statsd-prefix", "quotes"], "--statsd-prefix"),
        (&["--database", ""], "--database"),
        (&["--traffic", "lots"], "--traffic \"lots\""),
        (&["--traffic", "-1"], "--traffic"),
        (&["--traffic", "10001"], "10000"),
        (&["--fail-rate", "1.5"], "--fail-rate \"1.5\""),
        (&["--fail-rate", "NaN"], "from 0 to 1"),
        (&["--print-rules", "--rules-window", "0"], "--rules-window"),
        (&["--rules-window", "10"], "without --print-rules"),
        (&["--print-rules", "--print-dashboard"], "one of them"),
        (&["--help=yes"], "--help"),
    ];
    for (arguments, named) in cases {
        let output = run(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains(named), "{stderr}");
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    for (flags, expected) in
        [(["--help", "-h"], "--metrics-listen ADDR"), (["--version", "-V"], "quote-of-the-day 0.")]
    {
        for flag in flags {
            let output = run(&[flag]);
            assert!(output.status.success());
            assert_eq!(output.stderr, b"");
            assert!(String::from_utf8(output.stdout).unwrap().contains(expected));
        }
    }
}

#[test]
fn a_port_in_use_is_one_line_that_names_flag_and_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let cases = [
        ("--listen", ["--listen", taken.as_str(), "--metrics-listen", "127.0.0.1:0"]),
        ("--metrics-listen", ["--listen", "127.0.0.1:0", "--metrics-listen", taken.as_str()]),
    ];
    for (flag, arguments) in cases {
        let output = run(&arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert_eq!(output.stdout, b"");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.contains(&format!("{flag} {taken}: ")), "{stderr}");
    }
}

#[test]
fn an_address_that_is_not_this_machines_is_status_1() {
    let output = run(&["--listen", "192.0.2.1:0", "--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--listen 192.0.2.1:0: "));
}

#[test]
fn rules_and_a_dashboard_are_printed_of_all_that_the_app_does() {
    for (flag, begin) in [("--print-rules", "groups:\n"), ("--print-dashboard", "{\n")] {
        let output = run(&[flag]);
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(begin), "{text}");
        for family in ["function", "http_server_request", "database_connections"] {
            assert!(text.contains(family), "{family} is not in {text}");
        }
    }
}

#[test]
fn what_is_to_fail_fails() {
    let app = App::with(&["--fail-rate", "1"]);
    let detail = get(app.address, "/quote").problem(500);
    assert!(detail.contains("--fail-rate"), "{detail}");
    assert_eq!(app.stop().stderr, "");
}

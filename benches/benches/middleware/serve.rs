//! The apps behind a socket.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

use crate::{ANSWER, PATH, actix, axum};

type Serve = fn(&str, TcpListener);

const FRAMEWORKS: [(&str, [&str; 4], Serve); 2] =
    [("axum", axum::CONTENDERS, axum::serve), ("actix", actix::CONTENDERS, actix::serve)];

/// Prints the address of a page that a contender serves, and serves it for ever.
pub(super) fn contender(framework: &str, contender: &str) {
    let found =
        FRAMEWORKS.iter().find(|(name, contenders, _)| *name == framework && contenders.contains(&contender));
    let Some((.., serve)) = found else {
        let known = FRAMEWORKS.map(|(name, contenders, _)| format!("{name} {}", contenders.join("|")));
        panic!("no contender `{framework} {contender}`: there are {}", known.join(" and "));
    };
    let (address, listener) = listener();
    println!("http://{address}{PATH}");
    serve(contender, listener);
}

/// Asks each contender once.
pub(super) fn try_all() {
    for (framework, contenders, serve) in FRAMEWORKS {
        for contender in contenders {
            let (address, listener) = listener();
            thread::spawn(move || serve(contender, listener));
            let answer = ask(address);
            assert!(
                answer.starts_with("HTTP/1.1 200") && answer.ends_with(ANSWER),
                "{framework} {contender}: {answer}"
            );
        }
    }
}

fn listener() -> (SocketAddr, TcpListener) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    (listener.local_addr().expect("a socket"), listener)
}

fn ask(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).expect("a listener");
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a server that reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer of text");
    answer
}

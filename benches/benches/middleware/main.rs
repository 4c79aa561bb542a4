//! What does it cost to record a request, alone and with a second thread?
//!
//! A request to a handler that answers with a text, through the framework's router, to the last byte of the response: bare, and with a
//! middleware around the router. No socket is in between, and nothing has to be waited for. Each peer is as its documentation recommends. They
//! record less: none has sizes of requests, `axum-prometheus` has no sizes at all unless it is asked, and `actix-web-prom` does not know what is active.
//!
//! The same apps behind a socket, for wrk, which `benches/table --run` has drive them:
//!
//!     cargo bench -p instrument-benches --bench middleware -- serve axum instrument

mod actix;
mod axum;
mod serve;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use instrument_benches::criterion;

const ROUTE: &str = "/quotes/{id}";
const PATH: &str = "/quotes/17";
const ANSWER: &str = "The unexamined life is not worth living.";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, framework, contender, ..] = &arguments[..]
        && command == "serve"
    {
        return serve::contender(framework, contender);
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        serve::try_all();
    }
    let mut criterion = criterion();
    axum::ask(&mut criterion);
    actix::ask(&mut criterion);
    criterion.final_summary();
}

/// What comes of a future that waits for nobody.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}

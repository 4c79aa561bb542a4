//! The app as its users meet it: the real program, driven over HTTP and by signals.

mod database;
mod http;
mod page;
mod problems;
mod program;
mod reading;
mod starting;
mod stopping;
mod submitting;

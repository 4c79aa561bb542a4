//! The live page: what the metrics say, computed and drawn by the browser that shows it.
//!
//! `document.rs` puts the page together from `page.html`, `page.css` and the scripts beside them, `answer.rs` sends it, and `service.rs` is that as a service.
//! The scripts know nothing but the address of the metrics, which they read as Prometheus does.

mod answer;
mod document;
mod service;

pub use self::service::LivePage;

//! Rules and a dashboard from a registry. Whether Prometheus takes them, and whether alerts fire when they should, is checked in `.ci/e2e`.

mod dashboard;
mod registry;
mod rules;
mod shapes;

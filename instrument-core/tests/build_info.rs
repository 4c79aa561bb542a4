//! What was built.

use std::process::Command;

use instrument_core::{Registry, build_info};

/// The labels of the only series.
fn labels(registry: &Registry) -> Vec<(String, String)> {
    let snapshot = registry.snapshot();
    let [series] = snapshot.family("build_info").unwrap().series() else { panic!("{snapshot}") };
    series.labels().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn value<'l>(labels: &'l [(String, String)], label: &str) -> Option<&'l str> {
    labels.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str())
}

#[test]
fn it_says_version_revision_and_compiler() {
    let registry = Registry::new();
    build_info!(registry, revision = "6b00bc3").unwrap();
    let labels = labels(&registry);
    assert_eq!(value(&labels, "version"), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(value(&labels, "revision"), Some("6b00bc3"));
    assert_eq!(labels.len(), 3);

    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = String::from_utf8(Command::new(rustc).arg("--version").output().unwrap().stdout).unwrap();
    let rust_version = value(&labels, "rust_version").unwrap();
    assert!(said.contains(&format!(" {rust_version} ")), "{said} is not {rust_version}");
}

#[test]
fn a_revision_that_is_not_known_is_left_out() {
    let registry = Registry::new();
    build_info!(&registry, revision = None).unwrap();
    assert_eq!(value(&labels(&registry), "revision"), None);
}

#[test]
fn the_environment_gives_the_revision_where_nothing_else_does() {
    let registry = Registry::new();
    build_info!(registry).unwrap();
    let names = ["BUILD_REVISION", "VERGEN_GIT_SHA", "GITHUB_SHA", "CI_COMMIT_SHA"];
    let set = [
        option_env!("BUILD_REVISION"),
        option_env!("VERGEN_GIT_SHA"),
        option_env!("GITHUB_SHA"),
        option_env!("CI_COMMIT_SHA"),
    ];
    let expected = set.into_iter().flatten().find(|revision| !revision.is_empty());
    assert_eq!(value(&labels(&registry), "revision"), expected, "of {names:?}");
}

#[test]
fn a_second_time_changes_nothing() {
    let registry = Registry::new();
    build_info!(registry, revision = "a").unwrap();
    build_info!(registry, revision = "a").unwrap();
    assert_eq!(labels(&registry).len(), 3);
}

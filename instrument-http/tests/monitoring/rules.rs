use std::time::Duration;

use instrument_core::{Red, Registry};
use instrument_http::rules::Rules;

use crate::registry::of_a_service;

#[test]
fn a_service_has_rules_for_its_functions_routes_presets_and_resources() {
    let yaml = Rules::of(&of_a_service()).to_yaml();
    assert_eq!(yaml, include_str!("rules.yaml"));
}

#[test]
fn what_is_set_is_written() {
    let rules = Rules::of(&of_a_service())
        .group_name("of \"mine\"")
        .window(Duration::from_secs(10))
        .pending(Duration::from_secs(2))
        .max_error_ratio(0.25)
        .max_utilization(0.5)
        .max_saturation(7.0);
    let yaml = rules.to_yaml();
    for line in [
        "  - name: \"of \\\"mine\\\"\"",
        "          job:quote_lookup_errors:ratio_rate10s > 0.25",
        "          instance_job_access:db_pool_utilization_ratio:avg10s > 0.5",
        "          instance_job_access:db_pool_saturation:avg10s > 7",
        "        for: 2s",
        "          window: \"2m\"",
        "          window: \"12m\"",
        "          window: \"144m\"",
    ] {
        assert!(yaml.lines().any(|own| own == line), "{line} is not in\n{yaml}");
    }
    assert!(!yaml.contains("5m"), "{yaml}");
    assert_eq!(rules.to_string(), yaml);
}

#[test]
fn rules_of_a_job_select_it() {
    let rules = Rules::of(&of_a_service()).job("of \"mine\"");
    let yaml = rules.to_yaml();
    let matcher = "job=\"of \\\"mine\\\"\"";
    for line in [
        "  - name: \"instrument-of \\\"mine\\\"\"".to_owned(),
        format!("          sum by (job) (rate(quote_lookup_duration_seconds_count{{{matcher}}}[5m]))"),
        format!("          job:quote_lookup_errors:ratio_rate5m{{{matcher}}} > 0.05"),
        format!("          avg_over_time(db_pool_saturation{{{matcher}}}[5m])"),
        format!("          instance_job_access:db_pool_saturation:avg5m{{{matcher}}} > 1"),
    ] {
        assert!(yaml.lines().any(|own| own == line), "{line} is not in\n{yaml}");
    }
    assert!(
        yaml.contains(&format!("function_objective_ratio{{{matcher}, objective=\"success\"}}")),
        "{yaml}"
    );
    let of_all = yaml.replace(&format!("{{{matcher}}}"), "").replace(&format!("{matcher}, "), "");
    let of_all = of_all.replacen("instrument-of \\\"mine\\\"", "instrument", 1);
    assert_eq!(of_all, include_str!("rules.yaml"), "it is the only difference");
    assert!(rules.group_name("b").to_yaml().starts_with("groups:\n  - name: \"b\"\n"));
}

#[test]
fn a_window_stays_within_what_prometheus_can_take() {
    for (window, written) in [(Duration::ZERO, "[1s]"), (Duration::MAX, "[25920d]")] {
        let yaml = Rules::of(&of_a_service()).window(window).pending(window).to_yaml();
        assert!(yaml.contains(written), "{yaml}");
    }
}

#[test]
fn an_empty_registry_has_no_rules() {
    let yaml = Rules::of(&Registry::new()).to_yaml();
    assert_eq!(yaml, "groups:\n  - name: \"instrument\"\n    rules: []\n");
}

#[test]
fn what_promql_cannot_name_is_left_out() {
    let registry = Registry::builder().utf8_names().build().unwrap();
    Red::register(&registry, "quote.lookup").unwrap();
    assert!(Rules::of(&registry).to_yaml().ends_with("rules: []\n"));
}

#[test]
fn the_labels_of_the_registry_tell_sums_apart() {
    let registry = Registry::builder().constant_label("tenant", "a").build().unwrap();
    Red::register(&registry, "quote_lookup").unwrap();
    assert!(Rules::of(&registry).to_yaml().contains("sum by (job, tenant) ("));
}

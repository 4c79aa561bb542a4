use std::collections::BTreeSet;

use instrument_core::Registry;
use instrument_http::dashboard::Dashboard;
use serde_json::Value;

use crate::registry::of_a_service;

fn parsed(dashboard: &Dashboard) -> Value {
    serde_json::from_str(&dashboard.to_json()).unwrap()
}

/// The panels, and with each the title of its row.
fn panels(dashboard: &Value) -> Vec<(&str, &Value)> {
    let mut row = "";
    let panels = dashboard["panels"].as_array().unwrap().iter();
    panels
        .filter_map(|panel| {
            if panel["type"] == "row" {
                row = panel["title"].as_str().unwrap();
                return None;
            }
            Some((row, panel))
        })
        .collect()
}

#[test]
fn each_operation_has_red_and_each_resource_use() {
    let dashboard = parsed(&Dashboard::of(&of_a_service()).title("Quotes"));
    assert_eq!(dashboard["title"], "Quotes");
    let titles: Vec<_> =
        panels(&dashboard).iter().map(|(row, panel)| (*row, panel["title"].as_str().unwrap())).collect();
    let red = |row| ["Rate", "Errors", "Duration", "In flight"].map(|title| (row, title)).to_vec();
    let of_use = ["Utilization", "Saturation", "Errors"].map(|title| ("db pool", title)).to_vec();
    let expected = [red("function"), red("http server request"), red("quote lookup"), of_use].concat();
    assert_eq!(titles, expected);
}

#[test]
fn every_panel_asks_the_chosen_source_for_the_chosen_instances() {
    let dashboard = parsed(&Dashboard::of(&of_a_service()));
    for (_, panel) in panels(&dashboard) {
        assert_eq!(panel["datasource"]["uid"], "${datasource}");
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            assert!(expression.contains("{job=~\"$job\", instance=~\"$instance\""), "{expression}");
        }
    }
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    let names: Vec<_> = variables.iter().map(|variable| variable["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["datasource", "job", "instance"]);
}

#[test]
fn panels_have_ids_of_their_own_and_do_not_overlap() {
    let dashboard = parsed(&Dashboard::of(&of_a_service()));
    let all = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<_> = all.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), all.len());
    let mut taken = BTreeSet::new();
    for panel in all {
        let side = |name| panel["gridPos"][name].as_u64().unwrap();
        assert!(side("x") + side("w") <= 24, "{panel}");
        for x in side("x")..side("x") + side("w") {
            for y in side("y")..side("y") + side("h") {
                assert!(taken.insert((x, y)), "{panel}");
            }
        }
    }
}

#[test]
fn an_empty_registry_has_variables_alone() {
    let dashboard = parsed(&Dashboard::of(&Registry::new()));
    assert_eq!(dashboard["panels"], serde_json::json!([]));
    assert_eq!(dashboard["templating"]["list"][1]["query"]["query"], "label_values(up, job)");
}

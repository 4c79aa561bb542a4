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

/// A text of each of the panels' queries.
fn of_targets(dashboard: &Dashboard, name: &str) -> Vec<String> {
    let dashboard = parsed(dashboard);
    let targets = panels(&dashboard).into_iter().flat_map(|(_, panel)| panel["targets"].as_array().unwrap());
    targets.map(|target| target[name].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn queries(dashboard: &Dashboard) -> Vec<String> {
    of_targets(dashboard, "expr")
}

pub(crate) fn legends(dashboard: &Dashboard) -> Vec<String> {
    of_targets(dashboard, "legendFormat")
}

/// The names of the variables, and what their choices are asked by.
fn choices(dashboard: &Dashboard) -> Vec<(String, Option<String>)> {
    let dashboard = parsed(dashboard);
    let variables = dashboard["templating"]["list"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    variables.map(|variable| (text(&variable["name"]).unwrap(), text(&variable["query"]["query"]))).collect()
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
}

#[test]
fn what_any_instance_has_can_be_chosen() {
    let names = "__name__=~\"function_duration_seconds_count|http_server_request_duration_seconds_count|quote_lookup_duration_seconds_count|db_pool_utilization_ratio\"";
    let choice = |name: &str, query: String| (name.to_owned(), Some(query));
    let datasource = ("datasource".to_owned(), None);
    assert_eq!(
        choices(&Dashboard::of(&of_a_service())),
        [
            datasource.clone(),
            choice("job", format!("label_values({{{names}}}, job)")),
            choice("instance", format!("label_values({{{names}, job=~\"$job\"}}, instance)")),
        ]
    );
    assert_eq!(
        choices(&Dashboard::of(&of_a_service()).job("quotes")),
        [datasource, choice("instance", format!("label_values({{{names}, job=\"quotes\"}}, instance)"))]
    );
}

#[test]
fn a_dashboard_of_one_job_shows_no_other() {
    let queries = queries(&Dashboard::of(&of_a_service()).job("of \"mine\""));
    for query in queries {
        assert!(query.contains("{job=\"of \\\"mine\\\"\", instance=~\"$instance\""), "{query}");
        assert!(!query.contains("$job"), "{query}");
    }
}

#[test]
fn lines_are_called_after_the_job_that_they_are_sums_of() {
    let legends = legends(&Dashboard::of(&of_a_service()));
    assert_eq!(legends[0], "{{job}} {{function}} {{module}}");
    assert!(legends.contains(&"{{job}} {{http_route}} 99 %".to_owned()), "{legends:?}");
    assert_eq!(legends.last().unwrap(), "{{instance}} {{access}}");
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
    assert_eq!(dashboard["templating"]["list"][1]["query"]["query"], "label_values({__name__=\"up\"}, job)");
}

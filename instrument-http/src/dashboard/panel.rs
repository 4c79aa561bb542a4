use serde_json::{Value, json};

/// The variable that chooses where to ask.
pub(super) const DATASOURCE: &str = "${datasource}";

/// A graph over time.
#[derive(Debug)]
pub(super) struct Panel {
    title: &'static str,
    /// As Grafana names it, such as `s` or `percentunit`.
    unit: &'static str,
    targets: Vec<Target>,
}

/// A query, and what its lines are called.
#[derive(Debug)]
pub(super) struct Target {
    expression: String,
    legend: String,
}

/// Where a panel is, on a grid that is 24 wide.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Panel {
    pub(super) fn new(
        title: &'static str,
        unit: &'static str,
        targets: impl IntoIterator<Item = Target>,
    ) -> Self {
        Self { title, unit, targets: targets.into_iter().collect() }
    }

    pub(super) fn to_json(&self, place: &Place) -> Value {
        json!({
            "id": place.id,
            "type": "timeseries",
            "title": self.title,
            "datasource": datasource(),
            "gridPos": place.to_json(),
            "fieldConfig": { "defaults": { "unit": self.unit, "min": 0 }, "overrides": [] },
            "options": { "tooltip": { "mode": "multi", "sort": "desc" } },
            "targets": self.targets.iter().zip('A'..='Z').map(|(target, id)| target.to_json(id)).collect::<Vec<_>>(),
        })
    }
}

impl Target {
    /// Lines that are called after the values of labels, the target's first, and what they are of.
    pub(super) fn new(target: &str, labels: &[String], what: &str, expression: String) -> Self {
        let labels = [target].into_iter().chain(labels.iter().map(String::as_str));
        let values = labels.map(|label| format!("{{{{{label}}}}}"));
        let words = values.chain((!what.is_empty()).then(|| what.to_owned()));
        Self { expression, legend: words.collect::<Vec<_>>().join(" ") }
    }

    fn to_json(&self, id: char) -> Value {
        json!({
            "refId": id.to_string(),
            "datasource": datasource(),
            "expr": self.expression,
            "legendFormat": self.legend,
        })
    }
}

impl Place {
    pub(super) fn to_json(&self) -> Value {
        json!({ "x": self.x, "y": self.y, "w": self.width, "h": self.height })
    }
}

fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": DATASOURCE })
}

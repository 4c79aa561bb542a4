use serde_json::{Value, json};

use super::panel::{Panel, Place};

/// Columns of Grafana's grid.
const WIDTH: usize = 24;

/// Lines of the grid that a graph is high; a row's title is one.
const HEIGHT: usize = 8;

/// Panels side by side in rows, one below the other.
#[derive(Debug, Default)]
pub(super) struct Layout {
    panels: Vec<Value>,
    next_line: usize,
}

impl Layout {
    /// Adds a row, with panels that share its width.
    pub(super) fn row(&mut self, name: &str, panels: Vec<Panel>) {
        let title = self.place(0, WIDTH, 1);
        self.panels.push(json!({
            "id": title.id,
            "type": "row",
            "title": name.replace('_', " "),
            "collapsed": false,
            "gridPos": title.to_json(),
            "panels": [],
        }));
        self.next_line += title.height;
        let width = WIDTH / panels.len().max(1);
        for (column, panel) in panels.iter().enumerate() {
            let place = self.place(column * width, width, HEIGHT);
            self.panels.push(panel.to_json(&place));
        }
        self.next_line += HEIGHT;
    }

    pub(super) fn into_panels(self) -> Vec<Value> {
        self.panels
    }

    /// The next panel's, on the line that is reached.
    fn place(&self, x: usize, width: usize, height: usize) -> Place {
        Place { id: self.panels.len() + 1, x, y: self.next_line, width, height }
    }
}

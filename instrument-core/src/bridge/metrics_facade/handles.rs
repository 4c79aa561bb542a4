//! What the facade's handles do.

use std::sync::{Mutex, PoisonError};

use metrics::{CounterFn, GaugeFn, HistogramFn};

use crate::{Counter, Gauge, Histogram};

pub(super) struct CounterHandle(pub(super) Counter);

impl CounterFn for CounterHandle {
    fn increment(&self, value: u64) {
        self.0.inc_by(value);
    }

    fn absolute(&self, value: u64) {
        // Two who add what is missing must not both find it missing. Handles of several keys can be on one counter: one lock for all.
        static ABSOLUTE: Mutex<()> = Mutex::new(());
        let _absolute = ABSOLUTE.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.inc_by(value.saturating_sub(self.0.get()));
    }
}

pub(super) struct GaugeHandle(pub(super) Gauge);

impl GaugeFn for GaugeHandle {
    fn increment(&self, value: f64) {
        self.0.add(value);
    }

    fn decrement(&self, value: f64) {
        self.0.sub(value);
    }

    fn set(&self, value: f64) {
        self.0.set(value);
    }
}

pub(super) struct HistogramHandle(pub(super) Histogram<f64>);

impl HistogramFn for HistogramHandle {
    fn record(&self, value: f64) {
        self.0.observe(value);
    }
}

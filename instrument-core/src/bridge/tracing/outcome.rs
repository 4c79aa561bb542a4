use std::error::Error;
use std::fmt;

use tracing_core::Field;
use tracing_core::field::Visit;

/// Looks for a field `error`.
#[derive(Debug, Default)]
pub(super) struct FindError {
    pub(super) is_error: bool,
}

impl FindError {
    fn found(&mut self, field: &Field) {
        self.is_error |= field.name() == "error";
    }
}

impl Visit for FindError {
    fn record_bool(&mut self, field: &Field, value: bool) {
        if value {
            self.found(field);
        }
    }

    fn record_error(&mut self, field: &Field, _: &(dyn Error + 'static)) {
        self.found(field);
    }

    fn record_str(&mut self, field: &Field, _: &str) {
        self.found(field);
    }

    fn record_debug(&mut self, field: &Field, _: &dyn fmt::Debug) {
        self.found(field);
    }
}

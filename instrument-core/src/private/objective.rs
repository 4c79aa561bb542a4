use super::site::RedSite;
use crate::label::Texts;
use crate::registry::Registration;
use crate::{Error, Gauge, Registry};

/// What a function is to achieve: a share of its calls ends within a threshold, or as a success.
#[derive(Debug)]
pub struct Objective {
    /// In seconds.
    pub(super) threshold: Option<f64>,
    threshold_text: &'static str,
    target: f64,
}

impl Objective {
    /// The share of calls that end within the threshold, in seconds, which is given as it is spelt in a bucket's `le`, too.
    #[must_use]
    pub const fn latency(threshold: f64, threshold_text: &'static str, target: f64) -> Self {
        Self { threshold: Some(threshold), threshold_text, target }
    }

    /// The share of calls that end as `ok`.
    #[must_use]
    pub const fn success(target: f64) -> Self {
        Self { threshold: None, threshold_text: "", target }
    }

    fn kind(&self) -> &'static str {
        if self.threshold.is_some() { "latency" } else { "success" }
    }
}

/// Shows the objectives of a function in `function_objective_ratio{function, module, objective, threshold}`.
pub(super) fn expose(objectives: &[Objective], site: &RedSite, registry: &Registry) -> Result<(), Error> {
    if objectives.is_empty() {
        return Ok(());
    }
    let family = registry.register::<Gauge>(Registration {
        labels: &["function", "module", "objective", "threshold"],
        unit: Some("ratio"),
        defined_at: site.defined_at,
        ..Registration::new(
            &format!("{}_objective", site.family),
            "Share of calls that is to end within the threshold, in seconds, or as a success.",
        )
    })?;
    for own in objectives {
        let values = [site.function, site.module, own.kind(), own.threshold_text];
        family.with(&Texts(&values)).set(own.target);
    }
    Ok(())
}

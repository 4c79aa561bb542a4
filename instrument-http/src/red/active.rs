use std::sync::OnceLock;

use instrument_core::{Error, Family, Labels, Registry, UpDownCounter};

use super::method::{KnownMethods, MethodNumber};
use super::metrics::scheme;
use super::settings::Settings;

const ACTIVE: &str = "http_server_active_requests";

/// How many requests are active, by method and scheme: few series, each of which is looked up once.
#[derive(Debug)]
pub(super) struct Active {
    family: Family<ActiveLabels<'static>, UpDownCounter>,
    /// By the number of the method: that of `http` and that of `https`.
    series: Box<[[OnceLock<UpDownCounter>; 2]]>,
}

#[derive(Labels)]
struct ActiveLabels<'a> {
    http_request_method: &'a str,
    url_scheme: &'a str,
}

impl Active {
    pub(super) fn register(
        registry: &Registry,
        settings: &Settings,
        methods: &KnownMethods,
    ) -> Result<Self, Error> {
        let family = registry
            .up_down_counter(&settings.name(ACTIVE), "HTTP requests whose response has not ended yet.")
            .labels()
            .max_series(settings.max_series)
            .register()?;
        Ok(Self { family, series: methods.numbers().map(|_| Default::default()).collect() })
    }

    pub(super) fn with(
        &self,
        methods: &KnownMethods,
        method: MethodNumber,
        is_https: bool,
    ) -> &UpDownCounter {
        self.series[method.index()][usize::from(is_https)].get_or_init(|| {
            let http_request_method = methods.label(method);
            self.family.with(&ActiveLabels { http_request_method, url_scheme: scheme(is_https) })
        })
    }
}

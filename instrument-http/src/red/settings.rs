use instrument_core::Buckets;

/// What a builder is told of the metrics.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) prefix: Option<String>,
    pub(crate) duration_buckets: Buckets,
    pub(crate) size_buckets: Buckets,
    pub(crate) body_sizes: bool,
    pub(crate) max_series: usize,
    pub(crate) known_methods: Option<Vec<Box<str>>>,
    pub(crate) rpc_methods: Vec<Box<str>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: None,
            duration_buckets: Buckets::latency(),
            size_buckets: Buckets::explicit(SIZES),
            body_sizes: true,
            max_series: 10_000,
            known_methods: None,
            rpc_methods: Vec::new(),
        }
    }
}

/// Nothing at all, and 256 B to 64 MiB in steps of 4. OpenTelemetry gives no bounds for sizes.
const SIZES: [f64; 11] = [
    0.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

impl Settings {
    /// The name of a metric, with the prefix.
    pub(crate) fn name(&self, name: &str) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}_{name}"),
            None => name.to_owned(),
        }
    }
}

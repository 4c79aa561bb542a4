//! How an exporter says what a histogram has observed.

use crate::{Error, Flavor};

/// The most samples of a series in a flush unless it is set otherwise: enough for the percentile that Etsy's daemon shows, 90.
const DEFAULT_MAX_SAMPLES: u64 = 20;

/// The percentiles that are sent where samples cannot be.
const DEFAULT_PERCENTILES: [f64; 3] = [0.5, 0.9, 0.99];

/// How an exporter says what a histogram has observed, see [Histograms](crate::StatsdExporter#histograms).
///
/// Its buckets are the explicit ones. One that has [native buckets](instrument_core::Buckets::native) alone is said by those.
///
/// ```
/// # let server = std::net::UdpSocket::bind("127.0.0.1:0")?;
/// # let address = server.local_addr()?;
/// use instrument_core::{Buckets, Registry};
/// use instrument_statsd::{HistogramForm, StatsdExporter};
///
/// let registry = Registry::new();
/// let size = registry
///     .histogram::<f64>("size", "Size of a letter.")
///     .buckets(Buckets::linear(1.0, 1.0, 9))
///     .register()?;
/// for letter in 1..=8 {
///     size.observe(f64::from(letter));
/// }
/// let exporter = StatsdExporter::builder(address)
///     .registry(registry.clone())
///     .histograms(HistogramForm::Percentiles(vec![0.5, 0.999]))
///     .start()?;
/// exporter.shutdown();
/// # let mut packet = [0; 1500];
/// # let length = server.recv(&mut packet)?;
/// # let packet = &packet[..length];
/// assert_eq!(packet, b"size.count:8|c\nsize.mean:4.5|g\nsize.p50:4|g\nsize.p99_9:7.992|g");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum HistogramForm {
    /// As weighted samples, `name:SIZE|ms|@RATE`: what there is without another. For all flavors but [`Graphite`](Flavor::Graphite).
    Samples,
    /// As distributions with all samples of a series in one line, `name:SIZE:SIZE|d|@RATE`: less to send, and the server computes
    /// percentiles over all its agents. For [`DogStatsD`](Flavor::DogStatsD) alone, whose protocol 1.1 it is.
    PackedDistributions,
    /// As a counter `name.count`, and gauges of what was observed since the last flush: `name.mean`, and `name.p99` for a quantile of
    /// 0.99. Quantiles are from 0 to 1. For all flavors; what `Graphite` has without another, with 0.5, 0.9 and 0.99.
    Percentiles(Vec<f64>),
}

/// The same with all that it needs.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Samples { max: u64 },
    Packed { max: u64 },
    Percentiles(Vec<f64>),
}

impl Form {
    /// The form that is wanted, if the dialect can say it. Without a wish, the one that fits the dialect.
    pub(crate) fn new(
        wanted: Option<HistogramForm>,
        max_samples: Option<u64>,
        flavor: Flavor,
    ) -> Result<Self, Error> {
        let max = max_samples.unwrap_or(DEFAULT_MAX_SAMPLES);
        let wanted = wanted.unwrap_or_else(|| match flavor {
            Flavor::Graphite => HistogramForm::Percentiles(DEFAULT_PERCENTILES.to_vec()),
            _ => HistogramForm::Samples,
        });
        match wanted {
            HistogramForm::Samples if flavor != Flavor::Graphite => Ok(Self::Samples { max }),
            HistogramForm::PackedDistributions if flavor == Flavor::DogStatsD => Ok(Self::Packed { max }),
            HistogramForm::Percentiles(quantiles) => {
                match quantiles.iter().find(|quantile| !(0.0..=1.0).contains(*quantile)) {
                    Some(&quantile) => Err(Error::Quantile { quantile }),
                    None => Ok(Self::Percentiles(quantiles)),
                }
            }
            form => Err(Error::HistogramForm { form, flavor }),
        }
    }

    /// What names end in, by the number that lines give: nothing, and for percentiles `.count`, `.mean` and that of each.
    pub(crate) fn suffixes(&self) -> Vec<String> {
        let mut suffixes = vec![String::new()];
        if let Self::Percentiles(quantiles) = self {
            suffixes.extend([".count".to_owned(), ".mean".to_owned()]);
            // 0.999 is 99.9 %, but not in binary: rounded to what anybody asks for.
            let percent = |quantile: &f64| (quantile * 1e8).round() / 1e6;
            let text = |quantile| percent(quantile).to_string().replace('.', "_");
            suffixes.extend(quantiles.iter().map(|quantile| format!(".p{}", text(quantile))));
        }
        suffixes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_named_in_percent() {
        let form = Form::Percentiles(vec![0.5, 0.95, 0.999, 1.0, 0.0, 0.07]);
        assert_eq!(
            form.suffixes()[1..],
            [".count", ".mean", ".p50", ".p95", ".p99_9", ".p100", ".p0", ".p7"]
        );
        assert_eq!(Form::Samples { max: 1 }.suffixes(), [""]);
    }

    #[test]
    fn a_form_that_the_dialect_cannot_say_is_an_error_that_names_both() {
        for (form, flavor) in [
            (HistogramForm::Samples, Flavor::Graphite),
            (HistogramForm::PackedDistributions, Flavor::Etsy),
            (HistogramForm::PackedDistributions, Flavor::Influx),
        ] {
            let error = Form::new(Some(form.clone()), None, flavor).unwrap_err().to_string();
            assert!(
                error.contains(&format!("{form:?}")) && error.contains(&format!("{flavor:?}")),
                "{error}"
            );
        }
        for bad in [-0.1, 1.1, f64::NAN] {
            let error =
                Form::new(Some(HistogramForm::Percentiles(vec![bad])), None, Flavor::Etsy).unwrap_err();
            assert!(error.to_string().contains(&bad.to_string()), "{error}");
        }
    }

    #[test]
    fn each_dialect_has_a_form_of_its_own() {
        let form = |flavor| Form::new(None, None, flavor).unwrap();
        assert!(matches!(form(Flavor::DogStatsD), Form::Samples { max: 20 }));
        assert!(matches!(form(Flavor::Graphite), Form::Percentiles(quantiles) if quantiles.len() == 3));
    }
}

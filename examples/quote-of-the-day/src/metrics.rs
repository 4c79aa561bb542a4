//! What the app counts besides its requests and calls, which the attribute and the layer count by themselves.

use instrument_core::collector::Process;
use instrument_core::{Counter, Error, Family, LabelValue, Labels, Metrics, Registry, Use, build_info};

use crate::quotes::Quote;

#[derive(Labels)]
pub(crate) struct Origin {
    /// 19 from 1801 to 1900, -1 from 100 to 1 before Christ; none where the year is not known.
    century: Option<i32>,
}

#[derive(Debug, Clone, Metrics)]
#[metrics(prefix = "quotes")]
pub(crate) struct QuoteMetrics {
    /// Quotations served, by the century they are from.
    served: Family<Origin, Counter>,
    /// Quotations that were sent in and stored.
    pub(crate) stored: Counter,
}

impl QuoteMetrics {
    pub(crate) fn count_served<'q>(&self, quotes: impl IntoIterator<Item = &'q Quote>) {
        for quote in quotes {
            let century = quote.year.map(|year| ((year.abs() - 1) / 100 + 1) * year.signum());
            self.served.with(&Origin { century }).inc();
        }
    }
}

/// Says what runs, and what it takes of the machine.
pub(crate) fn describe_program(registry: &Registry) -> Result<(), Error> {
    build_info!(registry)?;
    registry.register_collector(Process::new());
    Ok(())
}

#[derive(LabelValue)]
enum Access {
    Read,
    Write,
}

#[derive(Labels)]
struct Connections {
    access: Access,
}

/// How busy the connections to the database are.
#[derive(Debug)]
pub(crate) struct ConnectionUse {
    pub(crate) readers: Use,
    pub(crate) writer: Use,
}

impl ConnectionUse {
    pub(crate) fn register(registry: &Registry, readers: usize) -> Result<Self, Error> {
        let help = "Connections to the database.";
        let connections =
            Use::builder("database_connections").help(help).labels::<Connections>().register(registry)?;
        Ok(Self {
            readers: connections.with(&Connections { access: Access::Read }, readers),
            writer: connections.with(&Connections { access: Access::Write }, 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use instrument_core::Registry;

    use super::*;

    #[test]
    fn names_units_and_help_texts_keep_the_rules() {
        let registry = Registry::new();
        QuoteMetrics::register(&registry).unwrap();
        registry.catalogue().lint().assert_clean();
    }
}

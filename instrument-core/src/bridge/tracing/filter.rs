use tracing_core::{Interest, Level, LevelFilter, Metadata};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Filter};

/// Which spans are recorded, and which events are counted.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) spans: Targets,
    pub(super) events: Targets,
}

impl Asked {
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let (target, level) = (metadata.target(), metadata.level());
        match metadata.is_span() {
            true => self.spans.would_enable(target, level),
            // An error fails the span that it is in, whether or not it is counted.
            false => *level == Level::ERROR || self.events.would_enable(target, level),
        }
    }
}

impl<S> Filter<S> for Asked {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let levels = |targets: &Targets| {
            let named = targets.iter().map(|(_, level)| level).max();
            named.max(targets.default_level())
        };
        levels(&self.spans).max(levels(&self.events)).max(Some(LevelFilter::ERROR))
    }
}

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::outcome::FindError;
use crate::family::FamilyCore;
use crate::label::Texts;
use crate::red::RedCore;
use crate::{Counter, RedSpan};

/// Records what a filter has let through.
pub(super) struct MetricsLayer {
    /// Tells the layers of a subscriber apart.
    id: u64,
    spans: RedCore,
    events: Arc<FamilyCore<Counter>>,
    /// Which events are counted: more are let through.
    counted: Targets,
}

/// What the layers of a subscriber keep with a span.
#[derive(Default)]
struct Kept(Vec<Recorded>);

/// A span as one layer records it.
struct Recorded {
    layer: u64,
    span: RedSpan,
    is_error: bool,
}

impl MetricsLayer {
    pub(super) fn new(spans: RedCore, events: Arc<FamilyCore<Counter>>, counted: Targets) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), spans, events, counted }
    }

    fn fail<'span>(&self, span: &SpanRef<'span, impl LookupSpan<'span>>) {
        if let Some(kept) = span.extensions_mut().get_mut::<Kept>()
            && let Some(recorded) = kept.0.iter_mut().find(|recorded| recorded.layer == self.id)
        {
            recorded.is_error = true;
        }
    }
}

impl<S> Layer<S> for MetricsLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let metadata = attributes.metadata();
        let red = self.spans.with(&Texts(&[metadata.name(), metadata.target()]));
        let mut find = FindError::default();
        attributes.record(&mut find);
        let recorded = Recorded {
            layer: self.id,
            span: red.map_or_else(RedSpan::unseen, |red| red.start()),
            is_error: find.is_error,
        };
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<Kept>() {
            Some(kept) => kept.0.push(recorded),
            None => extensions.insert(Kept(vec![recorded])),
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut find = FindError::default();
        values.record(&mut find);
        if find.is_error
            && let Some(span) = context.span(id)
        {
            self.fail(&span);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let (target, level) = (event.metadata().target(), event.metadata().level());
        if self.counted.would_enable(target, level) {
            self.events.with(&Texts(&[text(*level), target])).inc();
        }
        if *level == Level::ERROR
            && let Some(span) = context.event_span(event)
        {
            self.fail(&span);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let mut extensions = span.extensions_mut();
        let Some(Kept(kept)) = extensions.get_mut::<Kept>() else { return };
        let Some(own) = kept.iter().position(|recorded| recorded.layer == self.id) else { return };
        let recorded = kept.swap_remove(own);
        drop(extensions);
        if std::thread::panicking() {
            // It sees for itself.
            drop(recorded.span);
        } else if recorded.is_error {
            recorded.span.error();
        } else {
            recorded.span.ok();
        }
    }
}

fn text(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        _ => "trace",
    }
}

use std::panic::catch_unwind;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;

use super::Exemplar;

impl Exemplar {
    /// The `trace_id` and the `span_id` of the OpenTelemetry span that is active on this thread. Needs the feature `opentelemetry`.
    ///
    /// Nothing when there is none, or when it is not sampled and nobody could look it up. A span of `tracing` that is entered is active too, where a layer of `tracing-opentelemetry` makes OpenTelemetry's of it (and
    /// activates them, as it does unless told otherwise).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use instrument_core::{Exemplar, Registry};
    /// use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
    ///
    /// // A span such as a tracer makes.
    /// let (trace, span) = (TraceId::from(0x4bf92f35_77b34da6_a3ce929d_0e0e4736), SpanId::from(0x00f067aa_0ba902b7));
    /// let span = SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::default());
    /// let _active = opentelemetry::Context::new().with_remote_span_context(span).attach();
    ///
    /// let registry = Registry::new();
    /// let lookup = registry.histogram::<Duration>("lookup", "Time to look up a quotation.").register()?;
    /// lookup.observe_with(Duration::from_millis(300), Exemplar::current());
    ///
    /// let snapshot = registry.snapshot();
    /// let ids = [("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"), ("span_id", "00f067aa0ba902b7")];
    /// assert!(snapshot.exemplars("lookup_seconds", &[])[0].labels().eq(ids));
    /// # Ok::<(), instrument_core::Error>(())
    /// ```
    #[must_use]
    pub fn current() -> Option<Self> {
        // The context panics when it is asked in a destructor of a thread-local that runs after its own.
        catch_unwind(|| Context::map_current(Self::of)).unwrap_or_default()
    }

    fn of(context: &Context) -> Option<Self> {
        let span = context.span();
        let ids = span.span_context();
        (ids.is_valid() && ids.is_sampled()).then(|| {
            Self::new([
                ("trace_id", format_args!("{}", ids.trace_id())),
                ("span_id", format_args!("{}", ids.span_id())),
            ])
        })
    }
}

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::OnceLock;

use super::objective::{self, Objective};
use crate::label::Texts;
use crate::red::{AskedBeside, Outcomes, RedCore, RedRegistration};
use crate::registry::{Registration, is_scope_used};
use crate::{Buckets, Counter, LabelValue, LabelVisitor, Labels, Red, RedSpan, Registry};

/// The one static of a function under `#[instrument_red]`: what it is called, and its series once it has been called.
///
/// A function cannot return an error of registration to its caller. One that finds its family's name taken by another metric goes
/// on unseen, and counts in `instrument_registration_errors_total{family, function, module}`.
pub struct RedSite {
    pub(super) family: &'static str,
    pub(super) function: &'static str,
    pub(super) module: &'static str,
    labels: &'static [&'static str],
    help: Option<&'static str>,
    /// Whether errors are told apart by their kinds.
    error_kinds: bool,
    objectives: &'static [Objective],
    beside: AskedBeside,
    /// The function's line.
    pub(super) defined_at: &'static Location<'static>,
    registry: fn() -> Registry,
    buckets: fn() -> Buckets,
    /// The family, unless it could not be registered.
    reds: OnceLock<Option<RedCore>>,
    /// The series, for a function without labels of its own.
    red: OnceLock<Red>,
}

impl RedSite {
    /// A function's name, its module, the family it records into, the names of the labels from its arguments, and its line.
    #[must_use]
    pub const fn new(
        family: &'static str,
        function: &'static str,
        module: &'static str,
        labels: &'static [&'static str],
        defined_at: &'static Location<'static>,
    ) -> Self {
        Self {
            family,
            function,
            module,
            labels,
            help: None,
            error_kinds: false,
            objectives: &[],
            beside: AskedBeside { poll_time: false, items: false },
            defined_at,
            registry: || Registry::global().clone(),
            buckets: Buckets::function,
            reds: OnceLock::new(),
            red: OnceLock::new(),
        }
    }

    /// Records into another registry than the global one.
    #[must_use]
    pub const fn with_registry(mut self, registry: fn() -> Registry) -> Self {
        self.registry = registry;
        self
    }

    /// Sets the buckets of the family.
    #[must_use]
    pub const fn with_buckets(mut self, buckets: fn() -> Buckets) -> Self {
        self.buckets = buckets;
        self
    }

    /// Sets the help text of the family.
    #[must_use]
    pub const fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// Tells errors apart by a label `error`: see [`FailingSpan`](super::FailingSpan).
    #[must_use]
    pub const fn with_error_kinds(mut self) -> Self {
        self.error_kinds = true;
        self
    }

    /// Shows what the function is to achieve, and has a bucket end at each threshold.
    #[must_use]
    pub const fn with_objectives(mut self, objectives: &'static [Objective]) -> Self {
        self.objectives = objectives;
        self
    }

    /// Records the time that is spent in polls: see [`PollTime`](super::PollTime).
    #[must_use]
    pub const fn with_poll_time(mut self) -> Self {
        self.beside.poll_time = true;
        self
    }

    /// Counts the items of a stream: see `TimedStream`.
    #[must_use]
    pub const fn with_items(mut self) -> Self {
        self.beside.items = true;
        self
    }

    /// Begins a call.
    #[inline]
    pub fn start(&'static self) -> RedSpan {
        if is_scope_used()
            && let Some(span) = self.start_in_scope(&[])
        {
            return span;
        }
        match self.red.get() {
            Some(red) => red.start_static(),
            None => self.start_first(),
        }
    }

    #[cold]
    fn start_first(&'static self) -> RedSpan {
        let red = self.reds().and_then(|reds| reds.with(&Texts(&[self.function, self.module])));
        match red {
            Some(red) => self.red.get_or_init(|| red).start_static(),
            None => RedSpan::unseen(),
        }
    }

    /// Begins a call with the values of its labels.
    #[inline]
    pub fn start_with(&'static self, values: &[&dyn TextValue]) -> RedSpan {
        if is_scope_used()
            && let Some(span) = self.start_in_scope(values)
        {
            return span;
        }
        match self.reds().and_then(|reds| reds.with(&SiteLabels { site: self, values })) {
            Some(red) => red.start(),
            None => RedSpan::unseen(),
        }
    }

    /// The series of a call that begins later.
    #[cfg(feature = "stream")]
    pub(super) fn red(&'static self, values: &[&dyn TextValue]) -> Option<Red> {
        if let Some(red) = self.red_in_scope(values) {
            return red;
        }
        self.reds()?.with(&SiteLabels { site: self, values })
    }

    #[inline]
    fn reds(&self) -> Option<&RedCore> {
        self.reds.get_or_init(|| self.register()).as_ref()
    }

    /// The registry that the attribute names.
    pub(super) fn registry(&self) -> Registry {
        (self.registry)()
    }

    #[cold]
    fn register(&self) -> Option<RedCore> {
        self.register_in(&self.registry())
    }

    pub(super) fn register_in(&self, registry: &Registry) -> Option<RedCore> {
        let common = ["function", "module"];
        let asked = RedRegistration {
            name: self.family.to_owned(),
            help: self.help.unwrap_or("Calls of functions.").to_owned(),
            labels: common.into_iter().chain(self.labels.iter().copied()).collect(),
            buckets: self
                .objectives
                .iter()
                .filter_map(|own| own.threshold)
                .fold((self.buckets)(), Buckets::with_bound),
            outcomes: Outcomes::default(),
            error_kinds: self.error_kinds,
            beside: self.beside,
            max_series: None,
            known_values: None,
            common_labels: Some(common.len()),
            defined_at: self.defined_at,
        };
        let exposed = objective::expose(self.objectives, self, registry);
        let reds = RedCore::register(registry, asked);
        if reds.is_err() || exposed.is_err() {
            count_registration_error(registry, self.family, self.function, self.module);
        }
        reds.ok()
    }
}

/// Counts metrics that could not be registered where no error can be returned: those of a function, or of something that is none and
/// has neither `function` nor `module`.
pub fn count_registration_error(registry: &Registry, family: &str, function: &str, module: &str) {
    let help = "Metrics that could not be registered, for a name that is taken or buckets that are wrong.";
    let labels = ["family", "function", "module"];
    let name = "instrument_registration_errors";
    let asked = Registration { labels: &labels, own: true, ..Registration::new(name, help) };
    if let Ok(errors) = registry.register::<Counter>(asked) {
        errors.with(&Texts(&[family, function, module])).inc();
    }
}

impl fmt::Debug for RedSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedSite")
            .field("family", &self.family)
            .field("function", &self.function)
            .finish_non_exhaustive()
    }
}

/// The value of a label whose type is known to the expansion alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a label",
    label = "not a label value",
    note = "text, integers, `bool`, `char`, IP addresses and `Option` of these can; for an enum write `#[derive(LabelValue)]`, for what \
            implements `Display` write `Displayed(value)`"
)]
pub trait TextValue {
    /// Hands the value's text to `read`.
    fn read_text(&self, read: &mut dyn FnMut(&str));
}

impl<T: LabelValue + ?Sized> TextValue for T {
    fn read_text(&self, read: &mut dyn FnMut(&str)) {
        self.with_text(read);
    }
}

/// The labels of one call: the site's two, and those of the arguments.
pub(super) struct SiteLabels<'a> {
    pub(super) site: &'a RedSite,
    pub(super) values: &'a [&'a dyn TextValue],
}

impl Labels for SiteLabels<'_> {
    const CARDINALITY: Option<usize> = None;

    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    #[inline]
    fn visit(&self, visitor: &mut impl LabelVisitor) {
        visitor.value(self.site.function);
        visitor.value(self.site.module);
        for value in self.values {
            value.read_text(&mut |text| visitor.value(text));
        }
    }

    fn index(&self) -> usize {
        0
    }

    fn texts_at(_: usize) -> Vec<Cow<'static, str>> {
        Vec::new()
    }
}

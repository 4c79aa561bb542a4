use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use crate::cells::Reading;
use crate::collect::Visitor;
use crate::collector::EmittedFamily;
use crate::description::Description;
use crate::family::AnyFamily;

/// A walk over a registry that can be left and gone on with: see [`Registry::walk`](crate::Registry::walk).
///
/// It is for who writes metrics out no faster than somebody takes them. Between two visits it holds no lock, so it can wait for as long as it has to, and move from
/// thread to thread. Collectors were asked when it began; all other numbers are read when the walk comes by.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use instrument_core::{Description, Registry, Sample, Series, Visitor};
///
/// /// Takes one series at a time.
/// struct Next(Option<String>);
///
/// impl Visitor for Next {
///     fn series(&mut self, family: &Description, _: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
///         self.0 = Some(family.exposed_name());
///         ControlFlow::Break(())
///     }
/// }
///
/// let registry = Registry::new();
/// registry.counter("jobs", "Jobs run.").register()?;
/// registry.gauge("load", "Load of the machine.").register()?;
///
/// let mut walk = registry.walk();
/// let mut next = Next(None);
/// assert!(walk.visit(&mut next).is_break());
/// assert_eq!(next.0.as_deref(), Some("jobs_total"));
/// assert!(walk.visit(&mut next).is_break());
/// assert_eq!(next.0.as_deref(), Some("load"));
/// assert!(walk.visit(&mut next).is_continue());
/// # Ok::<(), instrument_core::Error>(())
/// ```
///
/// Idle series are taken out at the end: a walk that is dropped before does not count as a reading.
///
/// A series that is removed and made again while the walk waits can be shown twice: as what it was, and as what it is.
pub struct Walk {
    families: Vec<(Arc<Description>, Walked)>,
    reading: Reading,
    /// The index of the family that comes next, or that the walk was left in.
    family: usize,
    /// Within that family, once it has begun.
    within: Option<Within>,
    is_over: bool,
}

/// A family's series, and whose they are.
pub(super) enum Walked {
    Registered(Vec<Arc<dyn AnyFamily>>),
    Emitted(EmittedFamily),
}

/// How far a walk has come in a family.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    group: usize,
    /// Where in the group the walk goes on.
    place: usize,
}

impl Walk {
    pub(super) fn new(families: Vec<(Arc<Description>, Walked)>) -> Self {
        Self { families, reading: Reading::new(), family: 0, within: None, is_over: false }
    }

    /// Shows what has not been shown yet. A `Break` of the visitor is handed on: the next visit goes on behind what was shown then.
    /// `Continue` is the end of the walk.
    pub fn visit(&mut self, visitor: &mut dyn Visitor) -> ControlFlow<()> {
        while let Some((description, walked)) = self.families.get(self.family) {
            let within = match &mut self.within {
                Some(within) => within,
                begin => {
                    let within = begin.insert(Within::default());
                    visitor.family(description)?;
                    within
                }
            };
            walked.visit(within, &mut self.reading, visitor)?;
            self.family += 1;
            self.within = None;
        }
        if !std::mem::replace(&mut self.is_over, true) {
            self.expire();
        }
        ControlFlow::Continue(())
    }

    /// Takes out what has been idle, now that all of it was shown.
    fn expire(&mut self) {
        let now = Instant::now();
        for (_, walked) in &self.families {
            if let Walked::Registered(groups) = walked {
                groups.iter().for_each(|group| group.expire(now, &mut self.reading));
            }
        }
    }
}

impl Walked {
    fn visit(
        &self,
        within: &mut Within,
        reading: &mut Reading,
        visitor: &mut dyn Visitor,
    ) -> ControlFlow<()> {
        match self {
            Self::Emitted(family) => family.visit(&mut within.place, visitor),
            Self::Registered(groups) => {
                while let Some(group) = groups.get(within.group) {
                    group.visit(&mut within.place, reading, visitor)?;
                    *within = Within { group: within.group + 1, place: 0 };
                }
                ControlFlow::Continue(())
            }
        }
    }
}

impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
            .field("families", &self.families.len())
            .field("shown", &self.family)
            .finish_non_exhaustive()
    }
}

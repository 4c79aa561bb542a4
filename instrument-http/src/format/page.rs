//! A page that is being written: in one go, or chunk by chunk.

use std::ops::ControlFlow;

use instrument_core::{Description, Registry, Sample, Series, Visitor, Walk};

/// How a format writes what a walk over a registry shows.
pub(crate) trait Encode {
    /// A family begins. Its first series follows.
    fn begin(&mut self, out: &mut Vec<u8>, family: &Description);

    /// A series of the family that began last.
    fn series(&mut self, out: &mut Vec<u8>, family: &Description, series: &Series<'_>, sample: &Sample<'_>);

    /// What was written is about to be sent, so nothing in it can be changed any more. More series of the family may follow, or another
    /// family, or the end.
    fn settle(&mut self, _out: &mut Vec<u8>) {}

    /// The page ends.
    fn finish(&mut self, _out: &mut Vec<u8>) {}
}

/// A page, and how far it has been written.
#[derive(Debug)]
pub(crate) struct Page<E> {
    walk: Walk,
    encoding: E,
    /// Whether the family that the walk is in has been begun: one without series is left out.
    is_family_begun: bool,
}

impl<E: Encode> Page<E> {
    pub(crate) fn new(registry: &Registry, encoding: E) -> Self {
        Self { walk: registry.walk(), encoding, is_family_begun: false }
    }

    /// Appends the whole page.
    pub(crate) fn write_all(mut self, out: &mut Vec<u8>) {
        let _ = self.write(out, usize::MAX);
    }

    /// Appends the next series, until `out` has `enough` bytes or a series more. `Continue` is the end of the page.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, enough: usize) -> ControlFlow<()> {
        let Self { walk, encoding, is_family_begun } = self;
        let mut writing = Writing { out, enough, encoding, is_family_begun: *is_family_begun };
        let flow = walk.visit(&mut writing);
        self.is_family_begun = writing.is_family_begun;
        self.encoding.settle(out);
        flow?;
        self.encoding.finish(out);
        ControlFlow::Continue(())
    }
}

/// Any page.
#[cfg(feature = "server")]
pub(crate) trait AnyPage: Send {
    /// See [`Page::write`].
    fn write(&mut self, out: &mut Vec<u8>, enough: usize) -> ControlFlow<()>;
}

#[cfg(feature = "server")]
impl<E: Encode + Send> AnyPage for Page<E> {
    fn write(&mut self, out: &mut Vec<u8>, enough: usize) -> ControlFlow<()> {
        self.write(out, enough)
    }
}

struct Writing<'w, E> {
    out: &'w mut Vec<u8>,
    enough: usize,
    encoding: &'w mut E,
    is_family_begun: bool,
}

impl<E: Encode> Visitor for Writing<'_, E> {
    fn family(&mut self, _: &Description) -> ControlFlow<()> {
        self.is_family_begun = false;
        ControlFlow::Continue(())
    }

    fn series(&mut self, family: &Description, series: &Series<'_>, sample: &Sample<'_>) -> ControlFlow<()> {
        if !self.is_family_begun {
            self.is_family_begun = true;
            self.encoding.begin(self.out, family);
        }
        self.encoding.series(self.out, family, series, sample);
        if self.out.len() < self.enough { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

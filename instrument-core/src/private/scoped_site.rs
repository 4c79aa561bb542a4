//! Calls of functions within a scope: they record into its registry, and leave their statics as they are.

use super::site::{RedSite, SiteLabels, TextValue};
use crate::red::RedCore;
use crate::registry::{Scope, current_scope};
use crate::{Red, RedSpan};

/// Where the calls of a site go within a scope.
enum Place {
    /// Into the registry of the scope; nowhere, if the family could not be registered there.
    Scope(Option<Box<RedCore>>),
    /// Into a registry that the attribute names and that is not the global one.
    Elsewhere,
}

impl RedSite {
    /// Begins a call on a thread that is in a scope of the registry that the site records into. Nothing if it is not.
    #[cold]
    pub(super) fn start_in_scope(&'static self, values: &[&dyn TextValue]) -> Option<RedSpan> {
        let red = self.red_in_scope(values)?;
        Some(red.map_or_else(RedSpan::unseen, |red| red.start()))
    }

    /// The series of such a call, where there are any.
    pub(super) fn red_in_scope(&'static self, values: &[&dyn TextValue]) -> Option<Option<Red>> {
        let scope = current_scope()?;
        match &*scope.kept(std::ptr::from_ref(self).addr(), || self.place(&scope))? {
            Place::Scope(reds) => {
                Some(reds.as_ref().and_then(|reds| reds.with(&SiteLabels { site: self, values })))
            }
            Place::Elsewhere => None,
        }
    }

    fn place(&self, scope: &Scope) -> Place {
        if self.registry().is(scope.registry()) {
            Place::Scope(self.register_in(scope.registry()).map(Box::new))
        } else {
            Place::Elsewhere
        }
    }
}

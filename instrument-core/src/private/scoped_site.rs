//! Calls of functions within a scope: they record into its registry, and leave their statics as they are.

use super::site::{RedSite, SiteLabels, TextValue};
use crate::RedSpan;
use crate::red::RedCore;
use crate::registry::{Scope, current_scope};

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
        let scope = current_scope()?;
        match &*scope.kept(std::ptr::from_ref(self).addr(), || self.place(&scope))? {
            Place::Scope(reds) => {
                let red = reds.as_ref().and_then(|reds| reds.with(&SiteLabels { site: self, values }));
                Some(red.map_or_else(RedSpan::unseen, |red| red.start()))
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

//! The catalogue: what is registered, for people and for tools, and what to make better about it.

mod entry;
mod json;
mod lint;
mod list;
mod markdown;

pub use self::entry::{CatalogueEntry, CatalogueLabel};
pub use self::lint::{Lint, LintFinding, LintRule};
pub use self::list::Catalogue;

//! What expansions of `instrument-macros` call, and the other crates of this project, and nobody else may: it changes without notice between patch
//! releases.
//! It is ordinary code so that the behaviour of the macros is tested as such.

mod build_info;
mod displayed;
mod failure;
mod field;
mod known_values;
mod objective;
mod poll_time;
mod returned;
mod scoped_site;
mod shared;
mod site;
#[cfg(feature = "stream")]
mod stream;

pub use crate::cells::{are_light_fences_enough, full_fence, heavy_fence, light_fence};
pub use crate::label::Ranged;

pub use self::build_info::{build_info, first_of};
pub use self::displayed::visit_displayed;
pub use self::failure::{Failing, FailingSpan};
pub use self::field::{FieldOptions, RegisterField};
pub use self::known_values::known_values;
pub use self::objective::Objective;
pub use self::poll_time::PollTime;
pub use self::returned::{NestedOutcome, NoOutcome, OwnOutcome, Returned, call};
pub use self::shared::{Shared, shared};
pub use self::site::{RedSite, TextValue, count_registration_error};
#[cfg(feature = "stream")]
pub use self::stream::{StreamCall, TimedStream};

/// The number of values of a label within the index of a dense family: 1 for a label that has no known number, so that
/// the arithmetic of an index that is never used stays defined.
#[must_use]
pub const fn radix(cardinality: Option<usize>) -> usize {
    match cardinality {
        Some(values) if values > 0 => values,
        _ => 1,
    }
}

/// The cardinality of a label set from those of its labels: `None` when one is open or the product overflows.
#[must_use]
pub const fn product(cardinalities: &[Option<usize>]) -> Option<usize> {
    let mut product: usize = 1;
    let mut next = 0;
    while next < cardinalities.len() {
        product = match (cardinalities[next], product) {
            (Some(values), so_far) => match so_far.checked_mul(values) {
                Some(product) => product,
                None => return None,
            },
            (None, _) => return None,
        };
        next += 1;
    }
    Some(product)
}

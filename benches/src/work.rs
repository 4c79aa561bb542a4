//! The work inside a measured span: a call that is not inlined, and that sometimes fails.

/// How many ids there are before they repeat.
pub const QUOTE_IDS: usize = 1_024;

/// The failure of [`quote`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFound;

/// Finds a quotation: the least that a function can do and still have two outcomes.
///
/// # Errors
///
/// `NotFound` for ids above the last one, 1,000.
#[inline(never)]
pub fn quote(id: u64) -> Result<u64, NotFound> {
    if id <= 1_000 { Ok(id) } else { Err(NotFound) }
}

/// Ids as they come: one in 64 is unknown.
pub fn quote_ids() -> Box<[u64; QUOTE_IDS]> {
    Box::new(std::array::from_fn(|i| if i % 64 == 63 { 1_001 } else { i as u64 % 1_000 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_in_64_fails() {
        let failures = quote_ids().iter().filter(|id| quote(**id).is_err()).count();
        assert_eq!(failures, QUOTE_IDS / 64);
    }
}

use http::{Method, StatusCode};

use crate::LabelValue;

/// The method's name, such as `GET`.
///
/// Clients can send methods of their own, so the set of values is open.
impl LabelValue for Method {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.as_str())
    }
}

/// The three digits, such as `404`.
///
/// There are 900 codes, of which a service uses a few: the set of values is taken to be open, so that no room is kept for the others.
impl LabelValue for StatusCode {
    #[inline]
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        read(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_status_codes_read_as_on_the_wire() {
        assert_eq!(Method::PATCH.with_text(str::to_owned), "PATCH");
        assert_eq!(Method::from_bytes(b"BREW").unwrap().with_text(str::to_owned), "BREW");
        assert_eq!(StatusCode::IM_A_TEAPOT.with_text(str::to_owned), "418");
        assert_eq!((Method::CARDINALITY, StatusCode::CARDINALITY), (None, None));
    }
}

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// What is kept of a secret: its SHA-256.
#[derive(Clone, Copy)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(secret: &[u8]) -> Self {
        #[cfg(test)]
        work::add(1, 0);
        Self(Sha256::digest(secret).into())
    }

    /// From its 64 hexadecimal digits, as `sha256sum` prints them.
    pub(super) fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// In the same time whatever they are.
impl ConstantTimeEq for Digest {
    fn ct_eq(&self, other: &Self) -> Choice {
        #[cfg(test)]
        work::add(0, 1);
        self.0.ct_eq(&other.0)
    }
}

/// A digest of a weak password is as good as the password.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

/// What was done in this thread, for tests of what can be told from the time.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    }

    pub(super) fn add(digests: usize, comparisons: usize) {
        DONE.set((DONE.get().0 + digests, DONE.get().1 + comparisons));
    }

    /// How many digests were made and compared since this was asked last.
    pub(in super::super) fn take() -> (usize, usize) {
        DONE.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4's example, "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_digest_is_the_same_from_its_digits() {
        for digits in [ABC, &ABC.to_uppercase()] {
            let digest = Digest::from_hex(digits).unwrap();
            assert!(bool::from(digest.ct_eq(&Digest::of(b"abc"))));
            assert!(!bool::from(digest.ct_eq(&Digest::of(b"abd"))));
        }
    }

    #[test]
    fn what_is_no_digest_is_none() {
        for bad in ["", "abc", &ABC[1..], &format!("{ABC}00"), &ABC.replace('b', "+"), &"é".repeat(32)] {
            assert!(Digest::from_hex(bad).is_none(), "{bad}");
        }
    }
}

//! The labels that a series keeps as they are written.

use std::borrow::Cow;
use std::marker::PhantomData;

use instrument_core::Series;

use super::scheme::EscapingScheme;

// Whose bytes they are: those of a format, whose names are the same under all schemes or of one alone.
struct Plain<Format>(PhantomData<Format>);
struct Underscored<Format>(PhantomData<Format>);
struct Dotted<Format>(PhantomData<Format>);
struct Encoded<Format>(PhantomData<Format>);
struct Verbatim<Format>(PhantomData<Format>);

/// What `write` has made of the labels for this format and scheme, kept with the series if it is the first to ask.
#[inline]
pub(super) fn kept<'s, Format: 'static>(
    series: &Series<'s>,
    scheme: EscapingScheme,
    write: impl Fn(&Series<'s>) -> Vec<u8>,
) -> Cow<'s, [u8]> {
    match scheme {
        // It changes plain names too.
        EscapingScheme::Dots => series.kept::<Dotted<Format>>(write),
        _ if series.has_plain_names() => series.kept::<Plain<Format>>(write),
        EscapingScheme::Underscores => series.kept::<Underscored<Format>>(write),
        EscapingScheme::Values => series.kept::<Encoded<Format>>(write),
        EscapingScheme::AllowUtf8 => series.kept::<Verbatim<Format>>(write),
    }
}

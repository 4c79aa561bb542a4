//! What makes chunks smaller.

#[cfg(any(feature = "gzip", feature = "zstd"))]
use std::io::Write;
use std::{io, mem};

use bytes::Bytes;

use crate::negotiate::ContentCoding;

/// How much is gathered before it is sent, in bytes. It is some ten times as much before it is compressed.
#[cfg(any(feature = "gzip", feature = "zstd"))]
const CHUNK_BYTES: usize = 32 * 1024;

/// Compresses a page on its way out. At the level that is done fastest: a scraper is most often near, and its time is short.
pub(super) enum Compressor {
    Identity,
    #[cfg(feature = "gzip")]
    Gzip(Box<flate2::write::GzEncoder<Vec<u8>>>),
    #[cfg(feature = "zstd")]
    Zstd(Box<zstd::stream::write::Encoder<'static, Vec<u8>>>),
}

impl Compressor {
    /// Fails when there is no memory for it.
    pub(super) fn new(coding: ContentCoding) -> io::Result<Self> {
        Ok(match coding {
            ContentCoding::Identity => Self::Identity,
            #[cfg(feature = "gzip")]
            ContentCoding::Gzip => {
                let level = flate2::Compression::fast();
                Self::Gzip(Box::new(flate2::write::GzEncoder::new(Vec::new(), level)))
            }
            #[cfg(feature = "zstd")]
            ContentCoding::Zstd => Self::Zstd(Box::new(zstd::stream::write::Encoder::new(Vec::new(), 1)?)),
        })
    }

    /// Takes in text, which is empty then, and gives out a chunk if there is enough for one.
    pub(super) fn compress(&mut self, text: &mut Vec<u8>) -> io::Result<Option<Bytes>> {
        match self {
            Self::Identity => Ok(Some(mem::take(text).into())),
            #[cfg(feature = "gzip")]
            Self::Gzip(encoder) => {
                encoder.write_all(text)?;
                text.clear();
                Ok(taken(encoder.get_mut()))
            }
            #[cfg(feature = "zstd")]
            Self::Zstd(encoder) => {
                encoder.write_all(text)?;
                text.clear();
                Ok(taken(encoder.get_mut()))
            }
        }
    }

    /// Takes in the last text, and gives out all that is left.
    pub(super) fn finish(self, text: Vec<u8>) -> io::Result<Bytes> {
        match self {
            Self::Identity => Ok(text.into()),
            #[cfg(feature = "gzip")]
            Self::Gzip(mut encoder) => {
                encoder.write_all(&text)?;
                Ok(encoder.finish()?.into())
            }
            #[cfg(feature = "zstd")]
            Self::Zstd(mut encoder) => {
                encoder.write_all(&text)?;
                Ok(encoder.finish()?.into())
            }
        }
    }
}

/// A whole that is in memory anyway.
#[cfg(feature = "page")]
pub(crate) fn compressed(coding: ContentCoding, whole: &Bytes) -> io::Result<Bytes> {
    match coding {
        ContentCoding::Identity => Ok(whole.clone()),
        #[cfg(any(feature = "gzip", feature = "zstd"))]
        _ => Compressor::new(coding)?.finish(whole.to_vec()),
    }
}

#[cfg(any(feature = "gzip", feature = "zstd"))]
fn taken(compressed: &mut Vec<u8>) -> Option<Bytes> {
    (compressed.len() >= CHUNK_BYTES).then(|| mem::take(compressed).into())
}

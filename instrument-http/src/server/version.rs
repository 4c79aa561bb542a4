#[cfg(feature = "http2")]
use std::io::Cursor;

#[cfg(feature = "http2")]
use tokio::io::{AsyncReadExt, join, split};

use super::transport::{ReadWrite, Stream};

/// The version of HTTP that a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Http1,
    #[cfg(feature = "http2")]
    Http2,
}

/// What a connection in HTTP/2 begins with: RFC 9113, section 3.4.
#[cfg(feature = "http2")]
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

#[cfg(feature = "tls")]
impl Version {
    /// Their names in TLS (RFC 7301), the preferred first.
    #[cfg(feature = "http2")]
    pub(super) const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];
    #[cfg(not(feature = "http2"))]
    pub(super) const ALPN: [&[u8]; 1] = [b"http/1.1"];

    /// By what was agreed upon in the handshake.
    pub(super) fn negotiated(protocol: Option<&[u8]>) -> Self {
        match protocol {
            #[cfg(feature = "http2")]
            Some(b"h2") => Self::Http2,
            _ => Self::Http1,
        }
    }
}

#[cfg(feature = "http2")]
impl Version {
    /// By how the other side begins, and the connection with that beginning before it. hyper-util does the same, but waits for it without end.
    pub(super) async fn sniff(mut stream: impl ReadWrite + 'static) -> Option<(Stream, Self)> {
        let mut begin = Vec::with_capacity(PREFACE.len());
        while begin.len() < PREFACE.len() && PREFACE.starts_with(&begin) {
            let missing = (PREFACE.len() - begin.len()) as u64;
            if (&mut stream).take(missing).read_buf(&mut begin).await.ok()? == 0 {
                return None;
            }
        }
        let version = if begin == PREFACE { Self::Http2 } else { Self::Http1 };
        let (read, write) = split(stream);
        Some((Box::new(join(Cursor::new(begin).chain(read), write)), version))
    }
}

#[cfg(not(feature = "http2"))]
impl Version {
    /// There is but one.
    pub(super) async fn sniff(stream: impl ReadWrite + 'static) -> Option<(Stream, Self)> {
        Some((Box::new(stream), Self::Http1))
    }
}

#[cfg(all(test, feature = "http2"))]
mod tests {
    use tokio::io::{AsyncWriteExt, duplex};

    use super::*;

    async fn sniffed(sent: &[u8]) -> Option<(Version, Vec<u8>)> {
        let (mut client, server) = duplex(64);
        client.write_all(sent).await.unwrap();
        drop(client);
        let (mut stream, version) = Version::sniff(server).await?;
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.unwrap();
        Some((version, read))
    }

    #[tokio::test]
    async fn the_beginning_tells_and_is_not_lost() {
        for sent in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"PRI * HTTP/2.1\r\n\r\nSM\r\n\r\nmore", b"x"] {
            assert_eq!(sniffed(sent).await, Some((Version::Http1, sent.to_vec())));
        }
        let sent = [PREFACE, b"more"].concat();
        assert_eq!(sniffed(&sent).await, Some((Version::Http2, sent)));
    }

    #[tokio::test]
    async fn who_leaves_before_it_is_clear_says_nothing() {
        for sent in [&b""[..], b"PRI", &PREFACE[..23]] {
            assert_eq!(sniffed(sent).await, None);
        }
    }
}

/// How a server tells where a packet ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::transport) enum Framing {
    /// By a newline after each line.
    Newline,
    /// By the length before the packet, four bytes with the lowest first: the Datadog agent's way on a Unix stream. Source: `comp/dogstatsd/listeners/uds_common.go` of
    /// <https://github.com/DataDog/datadog-agent>.
    #[cfg(unix)]
    Length,
}

impl Framing {
    pub(super) fn write(self, packet: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Newline => {
                out.extend_from_slice(packet);
                out.push(b'\n');
            }
            #[cfg(unix)]
            Self::Length => {
                // No packet is longer than 65,507 bytes.
                out.extend_from_slice(&(packet.len() as u32).to_le_bytes());
                out.extend_from_slice(packet);
            }
        }
    }

    /// The packet that was written.
    pub(super) fn packet(self, framed: &[u8]) -> &[u8] {
        match self {
            Self::Newline => framed.strip_suffix(b"\n").unwrap_or(framed),
            #[cfg(unix)]
            Self::Length => framed.get(4..).unwrap_or_default(),
        }
    }
}

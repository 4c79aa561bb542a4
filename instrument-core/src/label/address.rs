use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::display::with_display;
use crate::LabelValue;

macro_rules! address {
    ($($type:ty),+) => {$(
        /// The text is the canonical one, such as `192.0.2.1` or `2001:db8::1`.
        impl LabelValue for $type {
            #[inline]
            fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> R {
                with_display(self, read)
            }
        }
    )+};
}

address!(IpAddr, Ipv4Addr, Ipv6Addr);

//! Names and tags as each dialect's server will keep them.

use super::Flavor;
use super::name::{write_name, write_node, write_tagged_name};

impl Flavor {
    /// Appends a name, a path of nodes; empty nodes are left out. Says whether anything was left of it.
    pub(crate) fn write_name(self, out: &mut Vec<u8>, name: &str) -> bool {
        match self {
            Self::Etsy | Self::Graphite => write_tagged_name(out, name),
            // To these `;` and `=` are nothing special, or something else.
            Self::DogStatsD | Self::Influx => write_name(out, name),
        }
    }

    /// Appends what names begin with, and a dot. Says whether anything was left of it.
    pub(crate) fn write_prefix(self, out: &mut Vec<u8>, prefix: &str) -> bool {
        let written = write_name(out, prefix);
        if written {
            out.push(b'.');
        }
        written
    }

    /// Ends a name, which begins at `start`: with the tags that this dialect has there, and with a suffix that is part of the name.
    pub(crate) fn end_name(self, record: &mut Vec<u8>, start: usize, tags: &[u8], suffix: &str) {
        if tags.is_empty() && suffix.is_empty() {
            return; // Most calls have neither.
        }
        let suffix = suffix.as_bytes();
        let (first, second) = match self {
            Self::Etsy | Self::Graphite => (tags, suffix),
            Self::Influx => (suffix, tags),
            Self::DogStatsD => (suffix, &[][..]),
        };
        let own_tags = match self {
            // They are part of the path, and the path ends where Graphite's own tags begin.
            Self::Etsy | Self::Graphite => start_of_tags(record, start).map(|at| record.split_off(at)),
            Self::DogStatsD | Self::Influx => None,
        };
        record.extend_from_slice(first);
        record.extend_from_slice(second);
        record.extend_from_slice(&own_tags.unwrap_or_default());
    }

    /// All that tells a name from others: what [`end_name`](Self::end_name) makes of it, and the tags if they stand elsewhere.
    pub(crate) fn identity(self, name: &[u8], tags: &[u8], suffix: &str) -> Box<[u8]> {
        let mut identity = name.to_vec();
        self.end_name(&mut identity, 0, tags, suffix);
        if self == Self::DogStatsD {
            identity.push(b'|');
            identity.extend_from_slice(tags);
        }
        identity.into()
    }

    /// Appends a tag to others, or to nothing. A tag without a key is left out; one without a value says that something is so.
    pub(crate) fn write_tag(self, tags: &mut Vec<u8>, key: &str, value: &str) {
        if key.is_empty() {
            return;
        }
        match self {
            // Two more nodes of the name.
            Self::Etsy | Self::Graphite => {
                for text in [key, value].into_iter().filter(|text| !text.is_empty()) {
                    tags.push(b'.');
                    write_node(tags, text);
                }
            }
            Self::DogStatsD => {
                if !tags.is_empty() {
                    tags.push(b',');
                }
                write_without(tags, key, b":,|#");
                if !value.is_empty() {
                    tags.push(b':');
                    write_without(tags, value, b",|#");
                }
            }
            Self::Influx => {
                tags.push(b',');
                write_without(tags, key, b",=:|");
                tags.push(b'=');
                write_without(tags, if value.is_empty() { "true" } else { value }, b",=:|");
            }
        }
    }
}

/// Where Graphite's tags begin in a name that has some.
fn start_of_tags(record: &[u8], start: usize) -> Option<usize> {
    record.iter().skip(start).position(|byte| *byte == b';').map(|at| start + at)
}

/// Appends a text, with `_` in place of some marks, of white space and of control characters.
fn write_without(out: &mut Vec<u8>, text: &str, marks: &[u8]) {
    let bad = |byte: u8| byte <= b' ' || byte == 0x7f || marks.contains(&byte);
    out.extend(text.bytes().map(|byte| if bad(byte) { b'_' } else { byte }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(flavor: Flavor, pairs: &[(&str, &str)]) -> String {
        let mut tags = Vec::new();
        for (key, value) in pairs {
            flavor.write_tag(&mut tags, key, value);
        }
        String::from_utf8(tags).unwrap()
    }

    #[test]
    fn each_dialect_has_its_tags() {
        let pairs = [("lang", "fr"), ("route", "/quotes/{id}"), ("canary", ""), ("", "x")];
        assert_eq!(tags(Flavor::Etsy, &pairs), ".lang.fr.route.-quotes-_id_.canary");
        assert_eq!(tags(Flavor::Graphite, &pairs), ".lang.fr.route.-quotes-_id_.canary");
        assert_eq!(tags(Flavor::DogStatsD, &pairs), "lang:fr,route:/quotes/{id},canary");
        assert_eq!(tags(Flavor::Influx, &pairs), ",lang=fr,route=/quotes/{id},canary=true");
    }

    #[test]
    fn a_suffix_is_part_of_the_name() {
        let name = |flavor: Flavor| {
            let mut name = b"time".to_vec();
            flavor.end_name(&mut name, 0, tags(flavor, &[("lang", "fr")]).as_bytes(), ".count");
            String::from_utf8(name).unwrap()
        };
        assert_eq!(name(Flavor::Etsy), "time.lang.fr.count");
        assert_eq!(name(Flavor::Graphite), "time.lang.fr.count");
        assert_eq!(name(Flavor::Influx), "time.count,lang=fr");
        assert_eq!(name(Flavor::DogStatsD), "time.count");
    }

    #[test]
    fn marks_of_the_protocol_are_replaced_in_tags() {
        let pairs = [("a:b|c", "d:e|f,g#h i\nj"), ("k=l", "größe=x")];
        assert_eq!(tags(Flavor::DogStatsD, &pairs), "a_b_c:d:e_f_g_h_i_j,k=l:größe=x");
        assert_eq!(tags(Flavor::Influx, &pairs), ",a_b_c=d_e_f_g#h_i_j,k_l=größe_x");
    }

    #[test]
    fn the_marks_of_graphites_tags_are_kept_where_they_mean_something() {
        let name = |flavor: Flavor| {
            let mut name = Vec::new();
            assert!(flavor.write_name(&mut name, ".requests;route=home"));
            String::from_utf8(name).unwrap()
        };
        assert_eq!(name(Flavor::Etsy), "requests;route=home");
        assert_eq!(name(Flavor::Graphite), "requests;route=home");
        assert_eq!(name(Flavor::DogStatsD), "requests_route_home");
        assert_eq!(name(Flavor::Influx), "requests_route_home");
    }

    #[test]
    fn path_tags_and_suffix_stand_before_graphites_tags() {
        for flavor in [Flavor::Etsy, Flavor::Graphite] {
            let mut record = b"other;a=b ".to_vec();
            let start = record.len();
            assert!(flavor.write_name(&mut record, "requests;route=home;code=200"));
            flavor.end_name(&mut record, start, b".env.prod", ".p99");
            assert_eq!(record, b"other;a=b requests.env.prod.p99;route=home;code=200");
        }
    }

    #[test]
    fn a_prefix_has_no_tags() {
        let mut prefix = Vec::new();
        assert!(Flavor::Graphite.write_prefix(&mut prefix, "my;app=x."));
        assert_eq!(prefix, b"my_app_x.");
    }
}

use std::net::IpAddr;

use http::Uri;

use super::PushError;

/// Where a gateway is.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) is_https: bool,
    /// Without the brackets of an IPv6 address.
    pub(super) host: String,
    pub(super) port: u16,
    /// Host and port as in the URL, for the header `Host`.
    pub(super) authority: String,
    /// All of the URL, without a slash at the end.
    pub(super) url: String,
    /// What stands before the gateway's own paths.
    pub(super) prefix: String,
}

impl Target {
    pub(super) fn parse(given: &str) -> Result<Self, PushError> {
        let invalid = |rule| PushError::InvalidUrl { url: without_credentials(given), rule };
        let uri: Uri =
            given.parse().map_err(|_| invalid("this is no URL: such as `http://pushgateway:9091`"))?;
        let is_https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => {
                return Err(invalid(
                    "a URL begins with `http://`, or with `https://`: such as `http://pushgateway:9091`",
                ));
            }
        };
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("give credentials by `basic_auth`: URLs are shown in messages"));
        }
        if uri.query().is_some() {
            return Err(invalid("it has a query: give the part before `/metrics/job` alone"));
        }
        Ok(Self {
            is_https,
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(if is_https { 443 } else { 80 }),
            authority: authority.to_string(),
            url: given.trim_end_matches('/').to_owned(),
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Whether what is sent stays on this machine.
    pub(super) fn is_local(&self) -> bool {
        let address: Option<IpAddr> = self.host.parse().ok();
        self.host == "localhost" || address.is_some_and(|address| address.to_canonical().is_loopback())
    }
}

/// What may be shown of a URL that may be anything.
fn without_credentials(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            format!("{scheme}://..@{after}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (url, is_https, host, port, prefix, is_local) in [
            ("http://gateway:9091", false, "gateway", 9091, "", false),
            ("https://gateway/push/", true, "gateway", 443, "/push", false),
            ("http://[::1]:1/", false, "::1", 1, "", true),
            ("http://127.0.0.9", false, "127.0.0.9", 80, "", true),
            ("http://localhost.example.org", false, "localhost.example.org", 80, "", false),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!((target.is_https, &*target.host, target.port), (is_https, host, port), "{url}");
            assert_eq!((&*target.prefix, target.is_local()), (prefix, is_local), "{url}");
            assert!(!target.url.ends_with('/'));
        }
    }

    #[test]
    fn what_is_no_url_of_a_gateway_is_refused_without_showing_a_password() {
        for url in [
            "",
            "gateway",
            "gateway:9091",
            "ftp://gateway",
            "http://",
            "http://a:secret@gateway",
            "http://gateway?x",
            "x:secret@y z",
        ] {
            let error = Target::parse(url).unwrap_err();
            assert!(matches!(error, PushError::InvalidUrl { .. }), "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}

//! Answers of web services in the types of the crate `http`. A status from 500 on is an error: one below is the client's doing.

use http::{Response, StatusCode};

use super::Outcome;

impl Outcome for StatusCode {
    #[inline]
    fn is_error(&self) -> bool {
        self.is_server_error()
    }
}

impl<B> Outcome for Response<B> {
    #[inline]
    fn is_error(&self) -> bool {
        self.status().is_error()
    }
}

/// A handler's answer with a status in front, as axum takes it.
impl<B> Outcome for (StatusCode, B) {
    #[inline]
    fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

/// The same with headers.
impl<H, B> Outcome for (StatusCode, H, B) {
    #[inline]
    fn is_error(&self) -> bool {
        self.0.is_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_tells_wherever_it_stands() {
        for (status, is_error) in [(200, false), (404, false), (499, false), (500, true), (503, true)] {
            let status = StatusCode::from_u16(status).unwrap();
            let response = Response::builder().status(status).body(()).unwrap();
            assert_eq!(status.is_error(), is_error);
            assert_eq!(response.is_error(), is_error);
            assert_eq!((status, "").is_error(), is_error);
            assert_eq!((status, [("x", "y")], "").is_error(), is_error);
        }
    }
}

//! Answers of actix. A status from 500 on is an error: one below is the client's doing.

use actix_web::HttpResponse;

use super::Outcome;

impl<B> Outcome for HttpResponse<B> {
    #[inline]
    fn is_error(&self) -> bool {
        self.status().is_server_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_tells() {
        assert!(!HttpResponse::Ok().finish().is_error());
        assert!(!HttpResponse::NotFound().finish().is_error());
        assert!(HttpResponse::ServiceUnavailable().finish().is_error());
    }
}

use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

use super::limits::LONGEST;

/// By which Prometheus tells how long it waits, in seconds.
const HEADER: &str = "x-prometheus-scrape-timeout-seconds";

/// What is left for the way: a tenth of the time, and this at most.
const LONGEST_MARGIN: Duration = Duration::from_millis(500);

/// When the answer to a request is of no use any more, if the request says so. What is no time is passed over.
pub(super) fn due(headers: &HeaderMap) -> Option<Instant> {
    let seconds: f64 = headers.get(HEADER)?.to_str().ok()?.parse().ok()?;
    let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|timeout| !timeout.is_zero())?;
    Some(Instant::now() + usable(timeout))
}

fn usable(timeout: Duration) -> Duration {
    let timeout = timeout.min(LONGEST);
    timeout - (timeout / 10).min(LONGEST_MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(value: &'static str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(HEADER.parse().unwrap(), value.parse().unwrap())]);
        let before = Instant::now();
        due(&headers).map(|due| due - before)
    }

    #[test]
    fn a_margin_is_left_for_the_way() {
        for (timeout, left) in [(100, 90), (900, 810), (5_000, 4_500), (10_000, 9_500), (60_000, 59_500)] {
            assert_eq!(usable(Duration::from_millis(timeout)), Duration::from_millis(left));
        }
    }

    #[test]
    fn what_is_no_time_is_passed_over() {
        assert!(given("0.9").unwrap() >= Duration::from_millis(810));
        for bad in ["", "0", "-1", "NaN", "inf", "1e300", "ten", "1s", "0x1"] {
            assert_eq!(given(bad), None, "{bad:?}");
        }
    }
}

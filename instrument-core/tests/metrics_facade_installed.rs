//! The recorder of a process, of which there is one.

#![cfg(feature = "metrics-facade")]

use instrument_core::Registry;
use instrument_core::bridge::metrics_facade::Recorder;

#[test]
fn the_first_recorder_stays_and_the_second_is_given_back() {
    let (first, second) = (Registry::new(), Registry::new());
    Recorder::new(&first).install().unwrap();
    let given_back = Recorder::new(&second).install().unwrap_err().into_inner();

    metrics::counter!("jobs").increment(1);
    std::thread::spawn(|| metrics::counter!("jobs").increment(1)).join().unwrap();
    metrics::with_local_recorder(&given_back, || metrics::counter!("jobs").increment(1));

    assert_eq!(first.snapshot().counter("jobs", &[]), Some(2));
    assert_eq!(second.snapshot().counter("jobs", &[]), Some(1));
}

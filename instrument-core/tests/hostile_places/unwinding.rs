use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use instrument_core::{Red, Registry};

use super::everything::Everything;

struct RecordOnDrop<'e>(&'e Everything, &'static str);

impl Drop for RecordOnDrop<'_> {
    fn drop(&mut self) {
        assert!(thread::panicking());
        self.0.record(self.1);
    }
}

#[test]
fn all_that_destructors_record_while_a_thread_panics_is_kept() {
    let everything = Everything::new();
    let unwind = |place| {
        let _records = RecordOnDrop(&everything, place);
        // A panic without the message on the way.
        resume_unwind(Box::new(()))
    };
    thread::scope(|scope| {
        scope.spawn(|| unwind("first thing of a new thread")).join().unwrap_err();
        scope
            .spawn(|| {
                catch_unwind(AssertUnwindSafe(|| unwind("caught"))).unwrap_err();
                unwind("once more")
            })
            .join()
            .unwrap_err();
    });
    everything.assert_recorded(&["first thing of a new thread", "caught", "once more"], "panic");
}

#[test]
fn what_is_held_when_a_thread_panics_is_given_back() {
    let registry = Registry::new();
    let open = registry.up_down_counter("open", "").register().unwrap();
    let took = registry.histogram("took", "").register().unwrap();
    let red = Red::register(&registry, "call").unwrap();
    catch_unwind(|| {
        let _held = (open.track(), took.start(), red.start());
        resume_unwind(Box::new(()))
    })
    .unwrap_err();
    let snapshot = registry.snapshot();
    assert_eq!(open.get(), 0);
    assert_eq!(snapshot.histogram("took", &[]).unwrap().count(), 1);
    assert_eq!(snapshot.up_down_counter("call_in_flight", &[]), Some(0));
    assert_eq!(snapshot.histogram("call_duration_seconds", &[("outcome", "panic")]).unwrap().count(), 1);
}

#[test]
fn a_visitor_that_panics_leaves_everything_readable() {
    use std::ops::ControlFlow;

    use instrument_core::{Description, Sample, Series, Visitor};

    struct Panics;
    impl Visitor for Panics {
        fn series(&mut self, _: &Description, series: &Series<'_>, _: &Sample<'_>) -> ControlFlow<()> {
            let _read = series.exemplars();
            resume_unwind(Box::new(()))
        }
    }
    let everything = Everything::new();
    everything.record("before");
    let visit = || everything.registry().visit(&mut Panics);
    catch_unwind(AssertUnwindSafe(visit)).unwrap_err();
    everything.record("after");
    everything.assert_recorded(&["before", "after"], "cancelled");
}

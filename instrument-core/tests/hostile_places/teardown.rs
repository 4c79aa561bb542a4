use std::cell::RefCell;
use std::thread;

use super::everything::Everything;

struct RecordOnDrop(Everything, &'static str);

impl Drop for RecordOnDrop {
    fn drop(&mut self) {
        self.0.record(self.1);
    }
}

thread_local! {
    static FIRST: RefCell<Option<RecordOnDrop>> = const { RefCell::new(None) };
    static SECOND: RefCell<Option<RecordOnDrop>> = const { RefCell::new(None) };
}

#[test]
fn all_that_destructors_record_at_the_end_of_a_thread_is_kept() {
    let everything = Everything::new();
    let to_record = |place| Some(RecordOnDrop(everything.clone(), place));
    let (first, second, third) = (to_record("first"), to_record("second"), to_record("third"));
    let recorder = everything.clone();
    let spawned = [
        thread::spawn(move || {
            // One destructor is registered before the library's own, and one after: one of them runs when that has run.
            FIRST.set(first);
            recorder.record("body");
            SECOND.set(second);
        }),
        // This thread records in a destructor alone.
        thread::spawn(move || FIRST.set(third)),
    ];
    // Unlike a scope, this waits for the destructors too.
    spawned.into_iter().for_each(|thread| thread.join().unwrap());
    everything.assert_recorded(&["first", "body", "second", "third"], "cancelled");
}

//! A slot that threads put into while others read it.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use crate::join;
use crate::slot::{Slot, Turns};

/// A value that loom sees being copied and dropped: it fails the model when that is in no certain order, or when one is never dropped.
struct Watched {
    number: UnsafeCell<u32>,
    _dropped: Arc<()>,
}

impl Watched {
    fn new(number: u32) -> Self {
        Self { number: UnsafeCell::new(number), _dropped: Arc::new(()) }
    }

    fn number(&self) -> u32 {
        self.number.with(|number| unsafe { *number })
    }
}

impl Clone for Watched {
    fn clone(&self) -> Self {
        Self::new(self.number())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.number.with_mut(|number| unsafe { *number = 0 });
    }
}

#[test]
fn a_slot_that_is_put_into_while_it_is_read_holds_what_was_put_last() {
    loom::model(|| {
        let slot = Arc::new(Slot::new());
        let turns = Arc::new(Turns::new());
        slot.put(Watched::new(1));
        let puts = |numbers: &'static [u32]| {
            let slot = Arc::clone(&slot);
            thread::spawn(move || numbers.iter().for_each(|&number| slot.put(Watched::new(number))))
        };
        let reads = || {
            let (slot, turns) = (Arc::clone(&slot), Arc::clone(&turns));
            thread::spawn(move || {
                // There is one, and never one from before what this reader has seen.
                let read = || slot.read(&turns.take()).expect("the slot was never empty").number();
                let (first, second) = (read(), read());
                assert!([1, 2, 3].contains(&first) && first <= second, "{first} then {second}");
            })
        };
        join([puts(&[2, 3]), reads()]);
        assert_eq!(slot.read(&turns.take()).map(|last| last.number()), Some(3));
    });
}

#[test]
fn a_slot_that_two_put_into_and_two_read_is_never_empty_and_drops_each_once() {
    let mut builder = loom::model::Builder::new();
    // Orders with more switches than that are beyond the time there is.
    builder.preemption_bound = Some(2);
    builder.check(|| {
        let slot = Arc::new(Slot::new());
        let turns = Arc::new(Turns::new());
        slot.put(Watched::new(1));
        let put = |number| {
            let slot = Arc::clone(&slot);
            thread::spawn(move || slot.put(Watched::new(number)))
        };
        let (one, other) = (put(2), put(3));
        let read = {
            let (slot, turns) = (Arc::clone(&slot), Arc::clone(&turns));
            thread::spawn(move || assert!(slot.read(&turns.take()).is_some()))
        };
        assert!(slot.read(&turns.take()).is_some());
        join([one, other, read]);
        let last = slot.read(&turns.take()).map(|last| last.number());
        assert!([Some(2), Some(3)].contains(&last), "{last:?}");
    });
}

//! Look-ups, and entries that are taken out meanwhile.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use crate::arena::{Arena, CellId, Handles, Pin, Slab, Unsigned};
use crate::table::{Table, TableWriter};
use crate::{allocate, claim, join, model_of_three};

/// An entry of a table. loom fails a model in which it is read and freed (here: written) in no certain order.
struct Entry(UnsafeCell<u64>);

impl Entry {
    fn new(number: u64) -> Self {
        Self(UnsafeCell::new(number))
    }

    fn read(&self) -> u64 {
        self.0.with(|number| unsafe { *number })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.0.with_mut(|number| unsafe { *number = 0 });
    }
}

/// A table with an entry 1 of the hash 1, at place 0.
fn table_of_one() -> Arc<Table<Entry>> {
    let table = Arc::new(Table::new(1));
    let mut writer = table.write();
    writer.insert(1, Entry::new(1));
    writer.set_number(0, 1, |_| true, |_| true);
    drop(writer);
    table
}

/// The pin of a thread that owns the slab and is within no other look-up.
fn pin(slab: &Slab) -> Pin<'_> {
    Pin::owned(slab).expect("the slab is claimed, by light fences")
}

/// Frees what has been discarded, if no look-up can be at it any more.
fn free(mut writer: TableWriter<'_, Entry>, arena: &Arena) {
    let discarded = writer.empty(|| arena.is_quiet());
    drop(writer);
    drop(discarded);
}

/// Takes the entry at place 0 out for good if it `is_idle` while no look-up finds it, and says whether it was.
fn take_out(table: &Table<Entry>, arena: &Arena, is_idle: impl FnOnce() -> bool) -> bool {
    let mut writer = table.write();
    let unlinked = writer.unlink(0).expect("nobody else takes it out");
    let is_idle = is_idle();
    if is_idle {
        writer.discard(unlinked);
    } else {
        writer.put_back(unlinked);
    }
    free(writer, arena);
    is_idle
}

#[test]
fn what_a_look_up_is_at_is_not_freed() {
    model_of_three(|arena| {
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = pin(slab);
                let found = table.find(&pin, 1, |entry| entry.read() == 1);
                assert!(found.is_none_or(|entry| entry.read() == 1));
            }
        });
        let by_number = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = arena.pin_shared();
                assert!(table.numbered(&pin, 0).is_none_or(|entry| entry.read() == 1));
            }
        });
        let removes = thread::spawn(move || {
            take_out(&table, arena, || true);
        });
        join([looks_up, by_number, removes]);
    });
}

#[test]
fn a_table_that_grows_is_searched_meanwhile() {
    model_of_three(|arena| {
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = pin(slab);
                let found = table.find(&pin, 1, |entry| entry.read() == 1);
                assert_eq!(found.map(Entry::read), Some(1), "it is in before and after");
                let walked = (0..table.place_count()).filter_map(|place| table.at(&pin, place));
                assert!((1..=2).contains(&walked.map(Entry::read).sum::<u64>().min(2)));
            }
        });
        let grows = thread::spawn(move || {
            let mut writer = table.write();
            writer.insert(3, Entry::new(1));
            free(writer, arena);
        });
        join([looks_up, grows]);
    });
}

#[test]
fn a_handle_made_by_a_look_up_keeps_an_idle_entry() {
    model_of_three(|arena| {
        let handles = allocate::<Handles>(arena);
        let table = table_of_one();
        let slab = arena.claim(true).expect("the bound is not reached");
        let writer = slab.writer_or_new(handles);
        // The table's own.
        claim(arena, handles)(Handles::MADE);
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = pin(slab);
                let Some(entry) = table.numbered(&pin, 0) else { return };
                // What is found is kept beyond the pin by a handle, as a series is.
                writer.add(handles, Handles::MADE);
                let entry: *const Entry = entry;
                drop(pin);
                assert_eq!(unsafe { &*entry }.read(), 1);
                writer.add(handles, Handles::GONE);
            }
        });
        let expires = thread::spawn(move || {
            let stamp = arena.sum(handles);
            take_out(&table, arena, || {
                arena.is_quiet() && arena.sum(handles) == stamp && arena.handles_left(handles) == 1
            });
        });
        join([looks_up, expires]);
    });
}

/// The ways to pin.
#[derive(Clone, Copy)]
enum Way {
    Light,
    Fenced,
    Shared,
}

/// A look-up that adds 1 to a cell if it finds the entry marked, and says whether it did; and who hides the entry meanwhile.
fn while_a_look_up_counts<R: 'static>(
    way: Way,
    hides: impl Fn(&Table<Entry>, &'static Arena, CellId<Unsigned>) -> R + Copy + Send + Sync + 'static,
    check: impl Fn(&'static Arena, CellId<Unsigned>, u64, R) + Send + Sync + 'static,
) {
    model_of_three(move |arena| {
        let cell = allocate::<Unsigned>(arena);
        let table = table_of_one();
        let slab = match way {
            Way::Shared => None,
            Way::Light | Way::Fenced => arena.claim(matches!(way, Way::Light)),
        };
        let writer = slab.map(|slab| slab.writer_or_new(cell));
        let looks_up = thread::spawn({
            let table = Arc::clone(&table);
            move || {
                let pin = match slab {
                    Some(slab) => Pin::owned(slab).unwrap_or_else(|| Pin::owned_slowly(slab)),
                    None => arena.pin_shared(),
                };
                let is_marked = table.is_marked(&pin, 0);
                match writer {
                    Some(writer) if is_marked => writer.add(cell, 1),
                    None if is_marked => arena.add_shared(cell, 1),
                    _ => {}
                }
                u64::from(is_marked)
            }
        });
        let hides = thread::spawn(move || hides(&table, arena, cell));
        let counted = looks_up.join().unwrap();
        check(arena, cell, counted, hides.join().unwrap());
    });
}

#[test]
fn what_a_look_up_counts_without_a_handle_keeps_an_idle_entry() {
    for way in [Way::Light, Way::Fenced, Way::Shared] {
        let expires = |table: &Table<Entry>, arena: &'static Arena, cell| {
            let read = arena.sum(cell);
            take_out(table, arena, || arena.is_quiet() && arena.sum(cell) == read).then_some(read)
        };
        while_a_look_up_counts(way, expires, |_, _, counted, read| {
            assert!(read.is_none_or(|read| read == counted), "{read:?} of {counted}, and the entry is gone");
        });
    }
}

#[test]
fn a_cell_whose_entry_was_taken_out_is_zeroed_after_the_last_addition() {
    for way in [Way::Light, Way::Fenced, Way::Shared] {
        let removes = |table: &Table<Entry>, arena: &'static Arena, cell| {
            let mut writer = table.write();
            let unlinked = writer.unlink(0).expect("nobody else takes it out");
            writer.discard(unlinked);
            // What the entry's drop does, where nobody can be at it any more.
            let is_quiet = arena.is_quiet();
            if is_quiet {
                arena.clear(cell, 1);
            }
            is_quiet
        };
        while_a_look_up_counts(way, removes, |arena, cell, _, is_zeroed| {
            assert!(!is_zeroed || arena.sum(cell) == 0);
        });
    }
}

//! The cost of one call, and of one series in memory, when so many threads count at once.

use std::hint::black_box;
use std::io;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use instrument_benches::{core_ns_per_call, floor, label_texts, memory, random_label_texts};

use super::{Contender, Numbers};

const WINDOW: Duration = Duration::from_millis(80);
const WINDOWS: usize = 5;
const LOOKED_UP_SERIES: usize = 1_000;
const REMEMBERED_SERIES: usize = 10_000;
/// More of its stack than a thread needs to count.
const STACK_BYTES: usize = 128 << 10;

/// One counter, whose handle all threads hold.
pub(crate) fn held<C: Contender>(threads: usize) -> Numbers {
    let contender = C::new(LOOKED_UP_SERIES);
    let counter = contender.counter();
    ask(threads, &|_| {
        let counter = black_box(&counter);
        || C::inc(counter)
    })
}

/// What the same costs without names, labels and a registry: the floors of the `counter` benchmark.
pub(crate) fn floor(question: &str, floor: &str, threads: usize) -> Option<io::Result<Numbers>> {
    let shared = AtomicU64::new(0);
    match (question, floor) {
        ("held", "floor_single_writer") => Some(Ok(ask(threads, &|_| {
            let id = black_box(&17);
            || floor::add(*id, 1)
        }))),
        ("held", "floor_fetch_add") => Some(Ok(ask(threads, &|_| {
            let shared = black_box(&shared);
            || {
                shared.fetch_add(1, Ordering::Relaxed);
            }
        }))),
        _ => None,
    }
}

/// One out of a thousand series, drawn at random and looked up by its labels.
pub(crate) fn look_up<C: Contender>(threads: usize) -> Numbers {
    let contender = C::new(LOOKED_UP_SERIES);
    label_texts(LOOKED_UP_SERIES).into_iter().for_each(|labels| contender.count(labels));
    let drawn = random_label_texts(LOOKED_UP_SERIES);
    ask(threads, &|thread| {
        let contender = black_box(&contender);
        let mut draws = drawn.iter().cycle().skip(thread * drawn.len() / threads);
        move || draws.next().into_iter().for_each(|&labels| contender.count(labels))
    })
}

fn ask<C, P>(threads: usize, prepare: &P) -> Numbers
where
    C: FnMut(),
    P: Fn(usize) -> C + Sync,
{
    let mut windows: Vec<f64> = (0..WINDOWS).map(|_| core_ns_per_call(threads, WINDOW, prepare)).collect();
    windows.sort_unstable_by(f64::total_cmp);
    vec![("ns", windows[WINDOWS / 2])]
}

/// What each thread adds that counts one series, and what a series takes once every thread has counted it.
pub(crate) fn memory<C: Contender>(threads: usize) -> io::Result<Numbers> {
    let texts = label_texts(REMEMBERED_SERIES);
    let before = memory::anonymous_bytes()?;
    let contender = C::new(REMEMBERED_SERIES);
    texts.iter().for_each(|&labels| contender.count(labels));
    let one_thread = memory::anonymous_bytes()?.saturating_sub(before);

    let step = Barrier::new(threads);
    let run = || {
        touch_stack();
        drop(black_box(Box::new(0_u64))); // and the thread's part of the allocator
        step.wait();
        step.wait(); // the memory of idle threads is read in between
        texts.iter().take(1).for_each(|&labels| contender.count(labels));
        step.wait();
        step.wait();
        texts.iter().for_each(|&labels| contender.count(labels));
        step.wait();
        step.wait();
    };
    thread::scope(|scope| {
        // The one that made the series is the first of them.
        (1..threads).for_each(|_| drop(scope.spawn(run)));
        let read = || {
            step.wait();
            let bytes = memory::anonymous_bytes();
            step.wait();
            bytes
        };
        // All steps are taken before an error is looked at, or the others would wait for ever.
        let (idle, first, all) = (read(), read(), read());
        let (idle, first, all) = (idle?, first?, all?);
        let others = threads.saturating_sub(1).max(1) as f64;
        Ok(vec![
            ("bytes_per_thread", first.saturating_sub(idle) as f64 / others),
            ("bytes_per_series", (one_thread + all.saturating_sub(idle)) as f64 / REMEMBERED_SERIES as f64),
        ])
    })
}

#[inline(never)]
fn touch_stack() {
    black_box([1_u8; STACK_BYTES]);
}

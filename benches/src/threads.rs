//! Calls made by one thread, or by two at the same time.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering, compiler_fence};
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// How many threads make the call at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One thread, nobody else around: what most benchmarks measure.
    One,
    /// Two threads at once on the same metric: what a service does.
    Two,
}

impl Threads {
    /// The name in the benchmark's id, which `benches/table` reads.
    pub fn id(self) -> &'static str {
        match self {
            Self::One => "1_thread",
            Self::Two => "2_threads",
        }
    }

    fn count(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// By what clock a thread says how long its calls took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// All the time that passed.
    Wall,
    /// The time that the thread was on a core: not that in which another had it.
    Processor,
}

impl Clock {
    fn start(self) -> impl FnOnce() -> Duration {
        let (wall, processor) = (Instant::now(), processor_time());
        move || match self {
            Self::Wall => wall.elapsed(),
            Self::Processor => processor_time() - processor,
        }
    }
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

/// Calls made before the clock starts, so that a thread's first touch of a metric is not in the result.
const FIRST_TOUCHES: u64 = 16;

/// Makes `calls` calls on each thread, all at the same time, and returns the mean time that a thread took.
///
/// `prepare` runs once in every thread, with the thread's number, and returns the call: what it clones or looks up
/// is a handle held by that thread. It should pass what it measures through `black_box` once, so that the compiler does
/// not know where it lives.
pub fn time_calls<C, P>(threads: Threads, clock: Clock, calls: u64, prepare: &P) -> Duration
where
    C: FnMut(),
    P: Fn(usize) -> C + Sync,
{
    let count = threads.count();
    let start_line = StartLine::new(count);
    let run = |thread: usize| {
        let call = repeat(FIRST_TOUCHES, prepare(thread));
        start_line.wait();
        let elapsed = clock.start();
        repeat(calls, call);
        elapsed()
    };
    let total: Duration = thread::scope(|scope| {
        let run = &run;
        let others: Vec<_> = (1..count).map(|thread| scope.spawn(move || run(thread))).collect();
        let own = run(0);
        own + others
            .into_iter()
            .map(|other| other.join().expect("a benchmark thread panicked"))
            .sum::<Duration>()
    });
    total / u32::try_from(count).unwrap_or(u32::MAX)
}

/// One function, not inlined, for the first touches and for the timed calls: so the call has one place in the program, into
/// which the compiler can inline it, as it would into a user's function. It owns the call meanwhile, so that what the call keeps
/// for itself, such as its place among the inputs, can stay in registers.
#[inline(never)]
pub(crate) fn repeat<C: FnMut()>(calls: u64, mut call: C) -> C {
    for _ in 0..calls {
        call();
        // Keeps the calls apart: nothing that one has read, a thread-local pointer least of all, stays in a register
        // for the next. A `black_box` in each call would do the same with a store of its own, and the cheapest
        // contenders are not dearer than a store.
        compiler_fence(Ordering::SeqCst);
    }
    call
}

/// A barrier that spins: a sleeping one wakes its threads tens of microseconds apart, and so long one of them
/// would run alone.
struct StartLine {
    arrived: AtomicUsize,
    expected: usize,
}

impl StartLine {
    fn new(expected: usize) -> Self {
        Self { arrived: AtomicUsize::new(0), expected }
    }

    fn wait(&self) {
        self.arrived.fetch_add(1, Ordering::AcqRel);
        while self.arrived.load(Ordering::Acquire) < self.expected {
            hint::spin_loop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn each_thread_makes_every_call() {
        for threads in [Threads::One, Threads::Two] {
            let made = AtomicU64::new(0);
            time_calls(threads, Clock::Wall, 1_000, &|_| {
                || {
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
            let expected = threads.count() as u64 * (1_000 + FIRST_TOUCHES);
            assert_eq!(made.into_inner(), expected, "{threads:?}");
        }
    }

    #[test]
    fn two_threads_are_two_threads_with_their_own_numbers() {
        let seen = Mutex::new(HashSet::new());
        time_calls(Threads::Two, Clock::Wall, 1, &|thread| {
            seen.lock().expect("no panic in the test").insert((thread, thread::current().id()));
            || ()
        });
        let seen = seen.into_inner().expect("no panic in the test");
        let numbers: HashSet<_> = seen.iter().map(|(number, _)| *number).collect();
        let ids: HashSet<_> = seen.iter().map(|(_, id)| *id).collect();
        assert_eq!(numbers, HashSet::from([0, 1]));
        assert_eq!(ids.len(), 2);
    }

    #[test]
    fn the_time_is_that_of_one_thread_not_the_sum_of_both() {
        let start = Instant::now();
        let reported = time_calls(Threads::Two, Clock::Wall, 2_000, &|_| {
            || {
                hint::black_box(Instant::now());
            }
        });
        assert!(reported <= start.elapsed());
    }

    #[test]
    fn processor_time_leaves_out_what_a_thread_sleeps() {
        let pause = Duration::from_millis(1);
        let time = |clock| time_calls(Threads::Two, clock, 100, &|_| move || thread::sleep(pause));
        assert!(time(Clock::Wall) >= 100 * pause);
        assert!(time(Clock::Processor) < 50 * pause);
    }
}

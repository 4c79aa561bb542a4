//! The time and the memory of reading very many series that each of sixteen threads has counted, and what these take.

use std::any::Any;
use std::hint::black_box;
use std::io;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use instrument_benches::{LabelTexts, label_texts, median_ns, memory};

use super::{Contender, Numbers};

const THREADS: usize = 16;
const BUDGET: Duration = Duration::from_secs(1);

/// What was read is kept until its memory has been looked at.
type Read<C> = fn(&C) -> Option<Box<dyn Any>>;

/// `None` if there is no such read, or not for this contender.
pub(crate) fn read<C: Contender>(series: usize, read: &str) -> Option<io::Result<Numbers>> {
    let read: Read<C> = match read {
        "text" => |contender| Some(Box::new(text(contender))),
        "visit" => |contender| Some(Box::new(contender.visit()?)),
        "snapshot" => C::snapshot,
        _ => return None,
    };
    let texts = label_texts(series);
    let before = memory::anonymous_bytes();
    let contender = C::new(series);
    read(&contender)?;
    Some(before.and_then(|before| measure(&contender, &texts, before, read)))
}

fn text<C: Contender>(contender: &C) -> C::Text {
    let mut text = C::Text::default();
    contender.write(&mut text);
    text
}

/// `before` is the memory of the process without the contender.
fn measure<C: Contender>(
    contender: &C,
    texts: &[LabelTexts],
    before: u64,
    read: Read<C>,
) -> io::Result<Numbers> {
    count_all(contender, texts);
    let one_thread = memory::anonymous_bytes()?;
    let (counted, end) = (Barrier::new(THREADS), Barrier::new(THREADS));
    let (all_threads, reads) = thread::scope(|scope| {
        for _ in 1..THREADS {
            scope.spawn(|| {
                count_all(contender, texts);
                counted.wait();
                end.wait();
            });
        }
        counted.wait();
        let numbers = memory::anonymous_bytes().and_then(|bytes| Ok((bytes, read_all(contender, read)?)));
        end.wait(); // before an error ends this thread, for which the others would wait for ever
        numbers
    })?;
    check(contender, texts.len());

    let per_series = |bytes: u64, before: u64| bytes.saturating_sub(before) as f64 / texts.len() as f64;
    let mut numbers = vec![
        ("bytes_per_series", per_series(one_thread, before)),
        ("bytes_per_series_and_thread", per_series(all_threads, one_thread) / (THREADS - 1) as f64),
    ];
    numbers.extend(reads);
    Ok(numbers)
}

fn count_all<C: Contender>(contender: &C, texts: &[LabelTexts]) {
    texts.iter().for_each(|&labels| contender.count(labels));
}

fn read_all<C: Contender>(contender: &C, read: Read<C>) -> io::Result<Numbers> {
    let before = memory::anonymous_bytes()?;
    let start = Instant::now();
    let (peak, ()) = memory::peak_bytes_of(|| drop(black_box(read(contender))))?;
    let first = start.elapsed();
    let kept = memory::anonymous_bytes()?.saturating_sub(before);
    let again_ns = median_ns(BUDGET, || drop(black_box(read(contender))));
    Ok(vec![
        ("first_ms", first.as_secs_f64() * 1e3),
        ("again_ms", again_ns / 1e6),
        ("peak_bytes", peak as f64),
        ("kept_bytes", kept as f64),
    ])
}

/// Whoever lost or doubled a count would not have been measured.
fn check<C: Contender>(contender: &C, series: usize) {
    let expected = (series * THREADS) as u64;
    let text = text(contender);
    let lines = String::from_utf8_lossy(text.as_ref());
    let samples = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let total = samples.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok()).sum();
    for total in [Some(total), contender.visit()].into_iter().flatten() {
        assert_eq!(total, expected, "the counts of all series");
    }
}

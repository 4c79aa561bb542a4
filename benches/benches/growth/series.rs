//! The cost of one look-up, of one series in a scrape, and of one series in memory, when there are so many of them.

use std::hint::black_box;
use std::io;
use std::time::Duration;

use instrument_benches::scrape::Text;
use instrument_benches::{label_texts, median_ns, median_ns_per_call, memory, random_label_texts};

use super::{Contender, Numbers};

const BUDGET: Duration = Duration::from_millis(300);
/// A scrape writes less for a series, and less than a page for what is not a series.
const TEXT_BYTES_PER_SERIES: usize = 128;
const TEXT_BYTES: usize = 4_096;

pub(crate) fn growth<C: Contender>(series: usize) -> io::Result<Numbers> {
    let all = label_texts(series);
    let drawn = random_label_texts(series);
    let room = series * TEXT_BYTES_PER_SERIES + TEXT_BYTES;
    let mut text = C::Text::with_room(room);

    let before = memory::anonymous_bytes()?;
    let contender = C::new(series);
    all.iter().for_each(|&labels| contender.count(labels));
    contender.write(&mut text); // some keep what they have written, to write it faster the next time
    let bytes = memory::anonymous_bytes()?.saturating_sub(before);
    assert!(
        text.as_ref().len() <= room,
        "the text outgrew its room, and would be counted as the contender's memory"
    );

    let contender = black_box(&contender);
    let mut draws = drawn.iter().cycle();
    let look_up = || draws.next().into_iter().for_each(|&labels| contender.count(labels));
    let look_up_ns = median_ns_per_call(BUDGET, drawn.len() as u64, look_up);
    let text_ns = median_ns(BUDGET, || {
        text.clear();
        contender.write(&mut text);
        black_box(&text);
    });
    Ok(vec![
        ("look_up_ns", look_up_ns),
        ("text_ns_per_series", text_ns / series as f64),
        ("bytes_per_series", bytes as f64 / series as f64),
    ])
}

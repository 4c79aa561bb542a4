//! Blocks of records on their way from the threads that record to the one that sends.
//!
//! Nobody holds the lock while lines are sent, so a server that is slow or gone costs those who record nothing.

use std::collections::VecDeque;
use std::mem;

use crate::block::lines;
use crate::telemetry::Telemetry;
use crate::worker::Shared;
use crate::{DropCause, QueuePolicy};

/// A bounded queue.
pub(crate) type Queue = Shared<Waiting>;

/// What waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    blocks: VecDeque<Vec<u64>>,
    /// Some of those that were sent, for their memory: as many as the queue has room for.
    spare: Vec<Vec<u64>>,
    words: usize,
    block_words: usize,
    max_words: usize,
    policy: QueuePolicy,
    /// Whether a thread has begun a block since the last time that all were asked for.
    begun: bool,
    /// Whether a block is to be sent at once, and not to wait for others.
    urgent: bool,
    /// Whether nobody will take what comes from now on.
    sealed: bool,
}

/// What is done with a block that is beyond the bound, and when blocks are sent.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Admission {
    Bounded,
    Urgent,
    InAnyCase,
}

impl Waiting {
    /// Room for blocks of at most `block_words`, together at most `max_words`.
    pub(crate) fn new(block_words: usize, max_words: usize, policy: QueuePolicy) -> Self {
        Self {
            blocks: VecDeque::new(),
            spare: Vec::new(),
            words: 0,
            block_words,
            max_words,
            policy,
            begun: false,
            urgent: false,
            sealed: false,
        }
    }

    pub(crate) fn has_blocks(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// Whether there is, or was among the blocks that are taken, one to be sent at once.
    pub(crate) fn is_urgent(&self) -> bool {
        self.urgent
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(crate) fn asks_for_all(&mut self) {
        self.begun = false;
    }

    /// Refuses what comes from now on.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
    }

    /// Takes over the records of a block.
    fn append(&mut self, block: &mut Vec<u64>) {
        self.words += block.len();
        match self.blocks.back_mut() {
            // However short blocks are, there are no more of them than their words account for.
            Some(last) if last.len() + block.len() <= self.block_words => last.append(block),
            _ => {
                let empty = self.spare.pop().unwrap_or_default();
                self.blocks.push_back(mem::replace(block, empty));
            }
        }
    }

    fn pop(&mut self) -> Option<Vec<u64>> {
        let block = self.blocks.pop_front()?;
        self.words -= block.len();
        Some(block)
    }

    fn keep(&mut self, mut block: Vec<u64>) {
        if self.spare.len() < self.max_words / self.block_words {
            block.clear();
            self.spare.push(block);
        }
    }
}

impl Queue {
    /// Adds a block and leaves an empty one in its place. What does not fit is dropped by the policy, block by block, and counted.
    pub(crate) fn push(&self, block: &mut Vec<u64>, telemetry: &Telemetry) {
        self.add(block, telemetry, Admission::Bounded);
    }

    /// The same for what is to be sent at once.
    pub(crate) fn push_urgently(&self, block: &mut Vec<u64>, telemetry: &Telemetry) {
        self.add(block, telemetry, Admission::Urgent);
    }

    /// The same beyond the bound: for the blocks that are not full, of which each living thread has one.
    pub(crate) fn push_in_any_case(&self, block: &mut Vec<u64>, telemetry: &Telemetry) {
        self.add(block, telemetry, Admission::InAnyCase);
    }

    fn add(&self, block: &mut Vec<u64>, telemetry: &Telemetry, admission: Admission) {
        if block.is_empty() {
            return;
        }
        let mut state = self.lock();
        if state.content.sealed {
            drop(state);
            return drop_block(block, telemetry, DropCause::Closed);
        }
        let queue = &mut state.content;
        let is_bounded = admission != Admission::InAnyCase;
        while is_bounded && queue.words + block.len() > queue.max_words {
            let oldest = match queue.policy {
                QueuePolicy::DropOldest => queue.pop(),
                QueuePolicy::DropNewest => None,
            };
            let Some(mut oldest) = oldest else {
                drop(state);
                return drop_block(block, telemetry, DropCause::QueueFull);
            };
            drop_block(&mut oldest, telemetry, DropCause::QueueFull);
            queue.keep(oldest);
        }
        queue.append(block);
        queue.urgent |= admission == Admission::Urgent;
        // Waking is a system call, so it is done for the first block alone.
        let wake = state.waiting && state.content.blocks.len() == 1;
        drop(state);
        if wake {
            self.wake();
        }
    }

    /// Says that there is a block that nobody may ever fill.
    pub(crate) fn announce(&self) {
        self.lock().content.begun = true;
        self.wake_if_it_waits();
    }

    /// Called by the thread that sends: takes as many blocks as there are now. Says whether one is urgent.
    pub(crate) fn take_all(&self, mut take: impl FnMut(&[u64])) -> bool {
        let (count, urgent) = {
            let content = &mut self.lock().content;
            (content.blocks.len(), mem::take(&mut content.urgent))
        };
        for _ in 0..count {
            let Some(block) = self.lock().content.pop() else { break };
            take(&block);
            self.lock().content.keep(block);
        }
        urgent
    }

    /// Called by the thread that sends when it ends, for whatever reason: counts what is left and what comes.
    pub(crate) fn end(&self, telemetry: &Telemetry) {
        let content = &mut self.lock().content;
        content.seal();
        while let Some(mut block) = content.pop() {
            drop_block(&mut block, telemetry, DropCause::Closed);
        }
    }
}

#[cold]
fn drop_block(block: &mut Vec<u64>, telemetry: &Telemetry, cause: DropCause) {
    telemetry.dropped(cause, lines(block));
    block.clear();
}

#[cfg(test)]
mod tests {
    use instrument_core::Registry;

    use super::*;
    use crate::block::{Record, push_text, records};

    fn block(lines: &[&str]) -> Vec<u64> {
        let mut block = Vec::new();
        lines.iter().for_each(|line| push_text(&mut block, line.as_bytes()));
        block
    }

    fn telemetry() -> Telemetry {
        Telemetry::register(&Registry::new()).unwrap()
    }

    fn take(queue: &Queue) -> Vec<Vec<String>> {
        let mut taken = Vec::new();
        queue.take_all(|block| {
            let texts = records(block).map(|(record, _)| {
                let Record::Text(text) = record else { panic!("{record:?}") };
                let mut out = Vec::new();
                text.append_to(&mut out);
                String::from_utf8(out).unwrap()
            });
            taken.push(texts.collect());
        });
        assert!(!queue.lock().content.has_blocks());
        assert_eq!(queue.lock().content.words, 0);
        taken
    }

    /// A line of this length takes two words, and a block has room for four.
    fn filled(policy: QueuePolicy, blocks: &[&[&str]]) -> (Vec<Vec<String>>, u64) {
        let telemetry = telemetry();
        let queue = Queue::new(Waiting::new(4, 10, policy));
        for lines in blocks {
            let mut block = block(lines);
            queue.push(&mut block, &telemetry);
            assert!(block.is_empty());
        }
        (take(&queue), telemetry.stats().dropped_lines(DropCause::QueueFull))
    }

    #[test]
    fn the_policy_says_what_a_full_queue_drops() {
        let blocks = [&["a\nb", "c"][..], &["d", "e"], &["f"], &["g", "h"], &["i", "j"]];
        let (taken, dropped) = filled(QueuePolicy::DropNewest, &blocks);
        assert_eq!(taken, [vec!["a\nb", "c"], vec!["d", "e"], vec!["f"]]);
        assert_eq!(dropped, 4);
        let (taken, dropped) = filled(QueuePolicy::DropOldest, &blocks);
        assert_eq!(taken, [vec!["f"], vec!["g", "h"], vec!["i", "j"]]);
        assert_eq!(dropped, 5);
    }

    #[test]
    fn what_can_never_fit_is_dropped_and_not_waited_for() {
        let long = ["a", "b", "c", "d", "e", "f"];
        assert_eq!(filled(QueuePolicy::DropOldest, &[&["a"], &long]), (vec![], 7));
    }

    #[test]
    fn blocks_are_used_again() {
        let telemetry = telemetry();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        let mut block = block(&["a"]);
        let first = block.as_ptr();
        queue.push(&mut block, &telemetry);
        queue.take_all(|_| {});
        push_text(&mut block, b"b");
        queue.push(&mut block, &telemetry);
        assert_eq!(block.as_ptr(), first);
    }

    #[test]
    fn short_blocks_are_put_together() {
        let (taken, _) = filled(QueuePolicy::DropNewest, &[&["a"], &["b"], &[], &["c"], &["d"]]);
        assert_eq!(taken, [["a", "b"], ["c", "d"]]);
    }

    #[test]
    fn no_more_memory_is_kept_than_the_queue_has_room_for() {
        let telemetry = telemetry();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        for _ in 0..100 {
            queue.push_in_any_case(&mut block(&["a", "b"]), &telemetry);
        }
        queue.take_all(|_| {});
        assert_eq!(queue.lock().content.spare.len(), 2);
    }

    #[test]
    fn what_is_urgent_is_said_once() {
        let telemetry = telemetry();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        queue.push(&mut block(&["a"]), &telemetry);
        assert!(!queue.take_all(|_| {}));
        queue.push_urgently(&mut block(&["b"]), &telemetry);
        assert!(queue.take_all(|_| {}));
        assert!(!queue.take_all(|_| {}));
    }

    #[test]
    fn what_comes_too_late_and_what_is_left_is_counted() {
        let telemetry = telemetry();
        let queue = Queue::new(Waiting::new(4, 10, QueuePolicy::DropNewest));
        queue.push(&mut block(&["a\nb"]), &telemetry);
        queue.lock().content.seal();
        queue.push(&mut block(&["c"]), &telemetry);
        assert_eq!(telemetry.stats().dropped_lines(DropCause::Closed), 1);
        queue.end(&telemetry);
        assert_eq!(telemetry.stats().dropped_lines(DropCause::Closed), 3);
        assert!(!queue.lock().content.has_blocks());
    }
}

//! What a thread has of a client.

use std::sync::{Arc, Weak};

use super::at_hand::AtHand;
use super::call::Call;
use super::lane::Lane;
use super::lanes::Lanes;
use super::template::Kind;
use crate::DropCause;
use crate::block::{self, push_text};
use crate::line::Value;

/// The lane of a thread, in the memory of the thread.
pub(super) struct OwnLane {
    pub(super) client: u64,
    pub(super) lane: Arc<Lane>,
    pub(super) lanes: Weak<Lanes>,
    at_hand: AtHand,
    /// For lines that are written here, and their record.
    text: Vec<u8>,
    record: Vec<u64>,
    /// For what a full lane has, on its way to the queue.
    block: Vec<u64>,
}

impl OwnLane {
    pub(super) fn new(lanes: &Arc<Lanes>, lane: Arc<Lane>) -> Self {
        Self {
            client: lanes.id,
            lane,
            lanes: Arc::downgrade(lanes),
            at_hand: AtHand::default(),
            text: Vec::new(),
            record: Vec::new(),
            block: Vec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn push<'v>(
        &mut self,
        lanes: &Lanes,
        call: &Call<'_, impl Fn() -> Value<'v>>,
    ) -> Result<(), DropCause> {
        if let Some((kind, bits)) = Kind::of(call.value())
            && let Some(template) = self.at_hand.number(call.client, call.name, kind)
        {
            return self.push_record(lanes, &block::value(template, bits));
        }
        self.push_text(lanes, call)
    }

    #[inline(always)]
    fn push_record(&mut self, lanes: &Lanes, record: &[u64]) -> Result<(), DropCause> {
        if self.lane.append(record) {
            lanes.attend(&self.lane, record.len())
        } else {
            self.push_next(lanes, record)
        }
    }

    #[cold]
    fn push_text<'v>(
        &mut self,
        lanes: &Lanes,
        call: &Call<'_, impl Fn() -> Value<'v>>,
    ) -> Result<(), DropCause> {
        self.text.clear();
        call.write(&mut self.text)?;
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        push_text(&mut record, &self.text);
        let pushed = self.push_record(lanes, &record);
        self.record = record;
        pushed
    }

    /// Adds a record for which there was no room.
    #[cold]
    fn push_next(&mut self, lanes: &Lanes, record: &[u64]) -> Result<(), DropCause> {
        self.lane.empty(&mut self.block);
        lanes.queue.push(&mut self.block, &lanes.telemetry);
        // There is room for the longest.
        self.lane.append(record);
        lanes.attend(&self.lane, record.len())
    }
}

impl Drop for OwnLane {
    /// The thread ends.
    fn drop(&mut self) {
        if let Some(lanes) = self.lanes.upgrade() {
            lanes.give_up(&self.lane);
        }
    }
}

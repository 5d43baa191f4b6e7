//! What the bytes of a run mean: names, numbers and causes of every kind.

use super::World;
use mod_callcenter::engine::{HangupCause, Refusal, RingEnd};

const NAMES: &[&str] = &["a", "b", "c", "'; drop table agents;--", "|\n\0", "", "\u{2028}\\"];
const QUEUES: &[&str] = &["q", "r", "nowhere", "q'|\n"];
const NUMBERS: &[i64] = &[
    0,
    1,
    2,
    3,
    10,
    -1,
    86_400,
    2_147_483_647,
    i64::MAX,
    i64::MIN,
    1_700_000_000,
];
const CAUSES: &[HangupCause] = &[
    HangupCause::NONE,
    HangupCause::ORIGINATOR_CANCEL,
    HangupCause::NORMAL_CIRCUIT_CONGESTION,
    HangupCause::DESTINATION_OUT_OF_ORDER,
    HangupCause::LOSE_RACE,
];

impl World<'_> {
    pub(super) fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        usize::from(*first)
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let index = self.byte();
        from.get(index % from.len().max(1)).cloned()
    }

    pub(super) fn name(&mut self) -> String {
        self.pick(NAMES).unwrap_or_default().to_owned()
    }

    pub(super) fn queue(&mut self) -> String {
        self.pick(QUEUES).unwrap_or_default().to_owned()
    }

    pub(super) fn number(&mut self) -> i64 {
        self.pick(NUMBERS).unwrap_or_default()
    }

    pub(super) fn seconds(&mut self) -> u32 {
        [0, 1, 5, 10, 60, 86_400][self.byte() % 6]
    }

    pub(super) fn cause(&mut self) -> HangupCause {
        self.pick(CAUSES).unwrap_or(HangupCause::NONE)
    }

    pub(super) fn ring_end(&mut self) -> RingEnd {
        let cause = self.cause();
        match self.byte() % 8 {
            0..=3 => RingEnd::NotTaken(cause),
            4 => RingEnd::NoStandingLeg,
            5 => RingEnd::Refused(self.pick(&Refusal::ALL).unwrap_or(Refusal::Fault), cause),
            6 => RingEnd::CallerGone,
            _ => RingEnd::Withdrawn(cause),
        }
    }

    pub(super) fn flag(&mut self) -> bool {
        self.byte() % 2 == 1
    }
}

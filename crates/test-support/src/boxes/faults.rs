//! What a day is like, and what goes wrong on it.

use callcenter_simulator::Dice;

/// A thousandth of a second, in microseconds.
pub const MILLI: i64 = 1_000;

/// A second, in microseconds.
pub const SECOND: i64 = 1_000_000;

/// What may go wrong and how busy it is.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub boxes: usize,
    pub agents: u32,
    /// Microseconds from one caller to the next, on average; none: nobody calls.
    pub callers_every: Option<i64>,
    pub faults: Vec<(i64, Fault)>,
    /// Until when callers come.
    pub calls_until: i64,
    pub ends: i64,
    /// By how many millionths clocks go wrong at most.
    pub drift: i64,
}

/// Something goes wrong with a box or the server, and is well again after so many microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The box dies and is started again.
    Kill(usize, i64),
    /// The box does nothing; its clock goes on.
    Freeze(usize, i64),
    /// The box does nothing, and its clock does not show it.
    Pause(usize, i64),
    /// Packets between the box and the server are swallowed.
    Cut(usize, i64),
    /// The box reads nothing, and writes.
    Deaf(usize, i64),
    /// The box writes nothing, and reads.
    Mute(usize, i64),
    /// Packets between the box and the server take up to so long.
    Slow(usize, i64, i64),
    /// The module is unloaded, and loaded again.
    Depart(usize, i64),
    /// The server is stopped in order and comes back as it was.
    Away(i64),
    /// The server crashes, and comes back without what had not reached the disk.
    Crash(i64),
    /// A standby is promoted that lacks so many commits.
    Failover(usize, i64),
    /// Commits take longer than anybody waits.
    Stall(i64),
}

/// Anything at all, one after the other and at once.
pub fn random_day(seed: u64) -> Plan {
    let mut dice = Dice::new(seed, "faults");
    let boxes = 2 + dice.below(3);
    let last = 90 * SECOND;
    let mut faults = Vec::new();
    let mut at = 8 * SECOND;
    while at < last {
        faults.push((at, random_fault(&mut dice, boxes)));
        at += if dice.chance(0.3) {
            dice.between(0, SECOND)
        } else {
            dice.between(SECOND, 25 * SECOND)
        };
    }
    Plan {
        seed,
        boxes,
        agents: 2 + u32::try_from(dice.below(3)).expect("few"),
        callers_every: Some(1_500 * MILLI),
        faults,
        calls_until: 150 * SECOND,
        ends: 230 * SECOND,
        drift: 10_000,
    }
}

fn random_fault(dice: &mut Dice, boxes: usize) -> Fault {
    let index = dice.below(boxes);
    let short = dice.between(100 * MILLI, 6 * SECOND);
    let long = dice.between(4 * SECOND, 25 * SECOND);
    let back = if dice.chance(0.6) { short } else { long };
    match dice.below(18) {
        0 | 1 => Fault::Kill(index, back),
        2 | 3 => Fault::Freeze(index, back),
        4 => Fault::Pause(index, back),
        5 | 6 => Fault::Cut(index, back),
        7 => Fault::Slow(index, dice.between(100, 1_800) * MILLI, back),
        8 => Fault::Depart(index, back),
        9 | 10 => Fault::Away(back),
        11 | 12 => Fault::Crash(back),
        13 | 14 => Fault::Failover(dice.below(8), back),
        15 => Fault::Stall(back),
        16 => Fault::Deaf(index, back),
        _ => Fault::Mute(index, back),
    }
}

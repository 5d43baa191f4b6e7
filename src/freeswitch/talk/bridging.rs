//! Two legs on their way into one bridge. FreeSWITCH takes each through several states, on its own thread; our state handlers tell
//! how far they are, so that nobody has to look.

use parking_lot::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// Between two looks at a bridge that our state handlers need not see: one without media.
const LOOK: Duration = Duration::from_millis(100);

/// How far the two legs of an offer are.
#[derive(Default)]
pub struct Bridging {
    stage: Mutex<Stage>,
    moved: Condvar,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// FreeSWITCH has not been asked for a bridge.
    #[default]
    Apart,
    /// It has been asked, and the agent's leg has not left yet what it did before.
    Asked,
    /// The agent's leg waits for the caller's.
    Waits,
    /// They hear each other.
    Together,
}

impl Bridging {
    /// FreeSWITCH is being asked for the bridge.
    pub fn begin(&self) {
        *self.stage.lock() = Stage::Asked;
    }

    /// FreeSWITCH has been asked for the bridge, and has not made it yet.
    pub fn is_under_way(&self) -> bool {
        matches!(*self.stage.lock(), Stage::Asked | Stage::Waits)
    }

    /// The agent's leg has left what it did before; whether that is news.
    pub fn agent_is_ready(&self) -> bool {
        let mut stage = self.stage.lock();
        let is_news = *stage == Stage::Asked;
        if is_news {
            *stage = Stage::Waits;
        }
        is_news
    }

    /// One of the legs begins to hear the other.
    pub fn begins(&self) {
        let mut stage = self.stage.lock();
        if *stage != Stage::Apart {
            *stage = Stage::Together;
            self.moved.notify_all();
        }
    }

    /// A leg has ended: whoever waits looks at once.
    pub fn stir(&self) {
        self.moved.notify_all();
    }

    /// Waits until the two hear each other; false when `is_settled` says before that there is nothing to wait for, or `patience`
    /// is over.
    pub fn wait(&self, patience: Duration, is_settled: impl Fn() -> bool) -> bool {
        let deadline = Instant::now() + patience;
        let mut stage = self.stage.lock();
        while *stage != Stage::Together {
            let now = Instant::now();
            if now >= deadline || is_settled() {
                return false;
            }
            self.moved.wait_until(&mut stage, deadline.min(now + LOOK));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough for anything that should happen at all.
    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_bridge_is_under_way_from_the_asking_until_the_two_hear_each_other() {
        let bridging = Bridging::default();
        assert!(
            !bridging.is_under_way() && !bridging.agent_is_ready(),
            "nobody has asked"
        );
        bridging.begins();
        assert!(!bridging.wait(Duration::ZERO, || false), "that was another bridge");
        bridging.begin();
        assert!(bridging.is_under_way());
        assert!(bridging.agent_is_ready(), "that is news");
        assert!(!bridging.agent_is_ready(), "once");
        assert!(bridging.is_under_way());
        bridging.begins();
        assert!(!bridging.is_under_way());
        assert!(bridging.wait(LONG, || false), "nobody waits any more");
    }

    #[test]
    fn whoever_waits_is_told_at_once() {
        let bridging = Bridging::default();
        bridging.begin();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| bridging.wait(LONG, || false));
            bridging.begins();
            assert!(waits.join().expect("no panic"));
        });
    }

    #[test]
    fn a_bridge_that_will_not_come_is_not_waited_for() {
        let bridging = Bridging::default();
        bridging.begin();
        assert!(!bridging.wait(LONG, || true));
    }
}

//! What goes wrong, and how it ends.

use super::*;

impl World {
    pub(super) fn fail(&mut self, fault: &Fault) {
        self.note(|| format!("FAULT {fault:?}"));
        self.books.troubled = self.now;
        match *fault {
            Fault::Kill(index, back) => {
                self.stop(index);
                self.recovers_in(back, Recovery::Start(index));
            }
            Fault::Freeze(index, back) => self.halt(index, State::Frozen, back),
            Fault::Pause(index, back) => self.halt(index, State::Paused, back),
            Fault::Cut(index, back) => {
                self.boxes[index].is_cut = true;
                self.recovers_in(back, Recovery::Mend(index));
            }
            Fault::Deaf(index, back) => {
                self.boxes[index].is_deaf = true;
                self.recovers_in(back, Recovery::Mend(index));
            }
            Fault::Mute(index, back) => {
                self.boxes[index].is_mute = true;
                self.recovers_in(back, Recovery::Mend(index));
            }
            Fault::Slow(index, slowness, back) => {
                self.boxes[index].slowness = slowness;
                self.recovers_in(back, Recovery::Mend(index));
            }
            Fault::Depart(index, back) => {
                if self.boxes[index].state == State::Running {
                    let now = self.box_time(index);
                    self.boxes[index].departing = true;
                    self.forget_calls(index);
                    self.boxes[index].life.depart(now);
                    self.serve(index);
                }
                self.recovers_in(back, Recovery::Start(index));
            }
            Fault::Away(back) => self.lose_server(back),
            Fault::Crash(back) => {
                let kept = self.dice.below(6);
                self.books.promised.clear();
                self.server.crash(kept);
                self.lose_server(back);
            }
            Fault::Failover(lost, back) => {
                self.books.promised.clear();
                self.server.promote(lost);
                self.lose_server(back);
            }
            Fault::Stall(back) => {
                self.stalls = true;
                self.recovers_in(back, Recovery::Unstall);
            }
        }
    }

    pub(super) fn recovers_in(&mut self, back: i64, recovery: Recovery) {
        self.schedule(self.now + back, Event::Recovers(recovery));
    }

    pub(super) fn halt(&mut self, index: usize, state: State, back: i64) {
        if self.boxes[index].state == State::Running {
            self.boxes[index].state = state;
            self.books.clocks_stand_still |= state == State::Paused;
            self.boxes[index].stopped_since = self.now;
            self.recovers_in(back, Recovery::Wake(index));
        }
    }

    pub(super) fn lose_server(&mut self, back: i64) {
        self.server_is_up = false;
        self.connections += 1;
        for index in 0..self.boxes.len() {
            let (run, late) = (self.boxes[index].run, self.packet(index));
            if !self.boxes[index].is_cut {
                self.schedule(self.now + late, Event::Broken(index, run));
            }
        }
        self.recovers_in(back, Recovery::Server);
    }

    pub(super) fn stop(&mut self, index: usize) {
        let one = &mut self.boxes[index];
        if one.state == State::Dead {
            return;
        }
        one.state = State::Dead;
        one.run += 1;
        one.desk = None;
        one.waiting.clear();
        one.said.clear();
        one.troubled = self.now;
        self.forget_calls(index);
    }

    /// Every channel of the box is gone.
    fn forget_calls(&mut self, index: usize) {
        let one = &mut self.boxes[index];
        one.home = Home::new(&one.name);
        one.calls.clear();
        one.phones.clear();
        self.books.dies(index);
    }

    pub(super) fn recover(&mut self, recovery: &Recovery) {
        self.note(|| format!("RECOVERY {recovery:?}"));
        self.books.troubled = self.now;
        match *recovery {
            Recovery::Server => self.server_is_up = true,
            Recovery::Unstall => self.stalls = false,
            Recovery::Mend(index) => {
                self.boxes[index].troubled = self.now;
                self.boxes[index].is_cut = false;
                self.boxes[index].is_deaf = false;
                self.boxes[index].is_mute = false;
                self.boxes[index].slowness = 2 * MILLI;
                for event in std::mem::take(&mut self.swallowed) {
                    self.schedule(self.now + MILLI, event);
                }
            }
            Recovery::Wake(index) => self.wake(index),
            Recovery::Start(index) => {
                if self.boxes[index].departing {
                    self.stop(index);
                }
                self.start(index);
            }
        }
    }

    pub(super) fn wake(&mut self, index: usize) {
        let one = &mut self.boxes[index];
        if !matches!(one.state, State::Frozen | State::Paused) {
            return;
        }
        if one.state == State::Paused {
            one.stopped += self.now - one.stopped_since;
            one.unpaused = self.now;
        }
        one.troubled = self.now;
        one.state = State::Running;
        one.wakes_at = i64::MAX;
        let waiting = std::mem::take(&mut one.waiting);
        // Who has slept may find anything first: here, that time has passed.
        let now = self.box_time(index);
        self.boxes[index].life.handle_timeout(now);
        self.serve(index);
        for event in waiting {
            self.happen(event);
        }
    }

    pub(super) fn start(&mut self, index: usize) {
        if self.boxes[index].state != State::Dead {
            return;
        }
        let now = self.box_time(index);
        let id = BoxId {
            instance: self.boxes[index].name.clone(),
            incarnation: Incarnation(self.dice.seed()),
        };
        let one = &mut self.boxes[index];
        one.state = State::Running;
        one.departing = false;
        one.id = id.clone();
        one.life = Life::new(now, id);
        one.wakes_at = i64::MAX;
        one.troubled = self.now;
        self.serve(index);
    }
}

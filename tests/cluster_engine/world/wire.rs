//! The way from a box to the server and back, and what gets lost on it.

use super::*;

impl World {
    pub(super) fn say(&mut self, index: usize, lane: Lane, statement: Statement<Centre>) {
        self.next_said += 1;
        let said = self.next_said;
        let run = self.boxes[index].run;
        self.boxes[index].said.insert(lane, said);
        if !matches!(statement, Statement::Look { .. } | Statement::Renew { .. }) {
            self.note(|| format!("box{index} says {statement:?}"));
        }
        let late = self.packet(index);
        let arrives = Event::Arrives(index, self.connections, said, lane, Box::new(statement));
        self.schedule(self.now + late, arrives);
        self.schedule(self.now + 2 * SECOND, Event::TimesOut(index, run, said, lane));
    }

    pub(super) fn packet(&mut self, index: usize) -> i64 {
        let slowness = self.boxes[index].slowness;
        self.wire.between(slowness / 20, slowness)
    }

    pub(super) fn arrive(
        &mut self,
        index: usize,
        (connections, said): (u64, u64),
        lane: Lane,
        statement: Box<Statement<Centre>>,
    ) {
        if connections != self.connections {
            return;
        }
        if self.boxes[index].is_cut {
            // A packet that was swallowed may be sent again by the network when the way is free.
            if self.wire.chance(0.5) {
                self.swallowed
                    .push(Event::Arrives(index, connections, said, lane, statement));
            }
            return;
        }
        let looks = matches!(*statement, Statement::Look { .. });
        let is_lost = (self.boxes[index].is_deaf && looks) || (self.boxes[index].is_mute && lane == Lane::Writer);
        if is_lost {
            return;
        }
        let run = self.boxes[index].run;
        let late = self.packet(index);
        if !self.server_is_up {
            self.schedule(self.now + late, Event::Reply(index, run, said, lane, None));
            return;
        }
        let answer = self.server.execute(&statement);
        let deeds = std::mem::take(&mut self.server.deeds);
        self.judge(index, deeds);
        let commits = !matches!(
            *statement,
            Statement::Look { .. } | Statement::Check { .. } | Statement::Restore { .. }
        );
        let stall = if self.stalls && commits {
            self.wire.between(2 * SECOND, 4 * SECOND)
        } else {
            0
        };
        if !self.boxes[index].is_cut {
            self.schedule(
                self.now + late + stall,
                Event::Reply(index, run, said, lane, Some(Box::new(answer))),
            );
        }
    }

    pub(super) fn judge(&mut self, by: usize, deeds: Vec<Deed<Centre>>) {
        for deed in deeds {
            self.note(|| format!("server: {deed:?} by box{by}"));
            crate::checks::judge(self, &deed);
        }
    }
}

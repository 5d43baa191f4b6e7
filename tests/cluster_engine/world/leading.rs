//! The engine for all, on the box that leads.

use super::*;
use mod_callcenter::cluster::{Decided, Standing, Takeover, Told};
use mod_callcenter::engine::{Span, Timestamp};

impl World {
    pub(super) fn put(&mut self, index: usize, by: Vec<Receipt>, effects: Effects) {
        let now = self.box_time(index);
        self.note(|| format!("box{index} wants {effects:?}"));
        if let Some(notice) = effects.notices.first() {
            self.books.find(format!("box{index} says {notice:?}"));
        }
        let messages = effects.messages.into_iter();
        let messages = messages.map(|(to, line)| (to, self.of_its_release(index, line)));
        let messages = messages.collect();
        let decided = Decided {
            by,
            rows: effects.rows,
            facts: effects.facts,
            outputs: messages,
        };
        self.boxes[index].life.put(now, decided);
        self.wake_engine_in_time(index);
    }

    pub(super) fn lead(&mut self, index: usize, takeover: &Takeover<Centre>) {
        let rows = self.server.boxes();
        let boxes: Vec<String> = rows.iter().map(|row| row.id.instance.clone()).collect();
        let reports = takeover.reports.iter().map(|told| &told.from);
        let there: Vec<&BoxId> = reports.chain(&takeover.silent).collect();
        let gone = rows.iter().filter(|row| !there.contains(&&row.id));
        let gone = gone.map(|row| row.id.instance.clone()).collect();
        let (seed, me) = (self.dice.seed(), self.boxes[index].name.clone());
        let (desk, effects, receipts) =
            Desk::begin(&self.configuration, &me, (self.now, seed), takeover, (boxes, gone));
        self.boxes[index].desk = Some(desk);
        self.boxes[index].engine_wakes_at = i64::MAX;
        self.put(index, receipts, effects);
    }

    /// The engine for all acts, if it is here.
    pub(super) fn decide(&mut self, index: usize, by: Vec<Receipt>, act: impl FnOnce(&mut Desk, Timestamp) -> Effects) {
        let now = self.box_time(index);
        let at = self.boxes[index].life.engine_time(now);
        let (Some(at), Some(desk)) = (at, &mut self.boxes[index].desk) else {
            return;
        };
        let effects = act(desk, at);
        self.put(index, by, effects);
    }

    pub(super) fn let_engine_act(&mut self, index: usize) {
        if self.boxes[index].engine_wakes_at > self.now {
            return;
        }
        self.boxes[index].engine_wakes_at = i64::MAX;
        self.decide(index, Vec::new(), |desk, at| {
            desk.act(|leader, engine| leader.timeout(engine, at))
        });
    }

    fn wake_engine_in_time(&mut self, index: usize) {
        let now = self.box_time(index);
        let at = self.boxes[index].life.engine_time(now);
        let due = self.boxes[index]
            .desk
            .as_ref()
            .and_then(|desk| desk.engine.poll_timeout());
        let (Some(at), Some(due)) = (at, due) else { return };
        let wakes_at = self.now + due.since(at).micros().max(0) + MILLI;
        if wakes_at < self.boxes[index].engine_wakes_at {
            self.boxes[index].engine_wakes_at = wakes_at;
            let run = self.boxes[index].run;
            self.schedule(wakes_at, Event::Due(index, run));
        }
    }

    /// Something has happened on a box, or a command was given there.
    pub(super) fn take_input(&mut self, index: usize, receipt: Receipt, age: Span, body: &str) {
        self.note(|| format!("box{index} takes {body} of {receipt:?}"));
        let from = receipt.from.clone();
        self.decide(index, vec![receipt], |desk, at| {
            let mut effects = desk.act(|leader, engine| leader.hear(engine, at, &from, age, body));
            let commands = std::mem::take(&mut effects.commands);
            effects.add(desk.obey(at, commands));
            effects
        });
    }

    /// A box tells all it has.
    pub(super) fn take_report(&mut self, index: usize, told: &Told) {
        self.note(|| format!("box{index} takes {told:?}"));
        let receipt = Receipt {
            from: told.from.clone(),
            number: told.number,
        };
        self.decide(index, vec![receipt], |desk, at| {
            desk.act(|leader, engine| leader.reported(engine, at, told).0)
        });
    }

    /// Nothing of a box is up any more.
    pub(super) fn lose_box(&mut self, index: usize, id: &BoxId, standing: Standing) {
        self.note(|| format!("box{index} knows that {id:?} is {standing:?}"));
        self.books.gone.insert(id.clone(), standing);
        self.decide(index, Vec::new(), |desk, at| {
            desk.act(|leader, engine| leader.gone(engine, at, &id.instance))
        });
    }

    /// Which boxes lead, as they see it.
    pub fn leaders(&self) -> Vec<usize> {
        let leads = |index: &usize| {
            let one = &self.boxes[*index];
            one.state == State::Running && one.life.phase(self.box_time(*index)) == Phase::Leading
        };
        (0..self.boxes.len()).filter(leads).collect()
    }
}

//! Whatever happens to the engine, in whatever order, it does not panic, and its books agree after each step.

mod by_sql;
mod checks;
mod configurations;
mod inputs;
mod step;

use super::super::audit::Books;
use super::*;
use crate::engine::centre::prospects::Prospect;
use crate::engine::vocabulary::words;
use crate::engine::vocabulary::words::AgentKind;
use proptest::prelude::{any, prop, prop_oneof, proptest, Just, ProptestConfig};
use proptest::strategy::Strategy as Generator;
use step::{step, RowAct, Step};

const QUEUES: [&str; 2] = ["sales", "support"];

/// Ours, and another that shares the database.
const INSTANCES: [&str; 2] = ["single_box", "elsewhere"];

const AGENTS: [&str; 4] = ["a", "b", "c", "d"];

/// What agents can do, and what queues and callers ask for.
const SKILLS: [&str; 5] = ["", "x", "y=3", "x,y", "x=2,y=5,z"];

const REQUIRED: [&str; 6] = ["", "x", "y>=2", "x,y>=3", "z,x>=2,y", "y"];

const LEVEL_RULES: [&str; 5] = [
    "",
    "20:1",
    "10:1:1,30:+1:-1,60:9",
    "15:::2,45:0:0:0",
    "10:2:1:r2,30:::1",
];

/// An engine with the identities it has given out, over or not: late news about what is over is part of the test.
struct Trial {
    engine: Engine,
    now: Timestamp,
    members: Vec<MemberId>,
    offers: Vec<OfferId>,
    announcements: Vec<Announce>,
    attempts: Vec<CallbackAttemptId>,
}

impl Trial {
    fn new(lamps: bool) -> Self {
        let settings = Settings {
            agent_report: true,
            agent_presence: lamps,
            ..Settings::default()
        };
        let engine = Engine::new(settings, 7);
        let mut trial = Self {
            engine,
            now: Timestamp::from_secs(1_000_000),
            members: Vec::new(),
            offers: Vec::new(),
            announcements: Vec::new(),
            attempts: Vec::new(),
        };
        for queue in 0..QUEUES.len() {
            trial.take(Step::LoadQueue {
                queue,
                strategy: 1,
                tier_rules: false,
                asks: 0,
            });
            for agent in 0..2 {
                trial.take(Step::AddAgent { agent, standby: false });
                trial.take(Step::Device { agent, in_use: None });
                trial.take(Step::AddTier { queue, agent, level: 1 });
                trial.take(Step::SetStatus { agent, status: 1 });
            }
        }
        trial
    }

    fn take(&mut self, step: Step) {
        if let Step::Pass(micros) = step {
            self.now = self.now + Span::from_micros(micros);
            self.engine.handle_timeout(self.now);
        } else if let Some(input) = self.input(step) {
            let expected = match &input {
                // Whoever has a place already is not asked at the door.
                Input::MemberJoin(request) if self.engine.successors.contains_key(&request.session_uuid) => None,
                Input::MemberJoin(request) if self.takes_place_live(request) => None,
                Input::MemberJoin(request) => self.expected_at_the_door(request),
                _ => None,
            };
            let reply = self.engine.handle_input(self.now, input);
            self.check_entry(expected, &reply);
            match reply {
                Ok(Reply::Joined { member, .. }) => self.members.push(member),
                Ok(Reply::Adopted(offers)) => self.offers.extend(offers),
                _ => (),
            }
        }
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Ring(ring) => {
                    self.check_room(ring.offer);
                    self.check_leg(&ring);
                    self.offers.push(ring.offer);
                }
                Output::Announce(announce) => self.announcements.push(announce),
                Output::CallBack(call) => self.attempts.push(call.attempt),
                _ => (),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_books_agree(lamps in any::<bool>(), steps in prop::collection::vec(step(), 1..120)) {
        let mut trial = Trial::new(lamps);
        for step in steps {
            trial.take(step);
            trial.engine.audit(trial.now);
        }
    }
}

fn required(pick: usize) -> RequiredSkills {
    RequiredSkills::parse(REQUIRED[pick % REQUIRED.len()]).expect("required skills")
}

fn pick_of<T>(all: &[T], pick: usize) -> &T {
    &all[pick % all.len()]
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}

//! Two call centres on one database, each with its own agents and callers: neither ever writes over the other's rows, rings the
//! other's agents or resets what is not its own, whatever they do, and when all is quiet both know the same.

mod checks;

use callcenter_simulator::Dice;
use checks::{assert_agreement, assert_untouched, Commanded};
use mod_callcenter::engine::{
    AgentConfig, AgentSetting, AgentState, AgentStatus, AgentType, Engine, HangupCause, Input, JoinRequest, MemberExit,
    MemberId, MemberState, OfferId, Output, QueueConfig, Reply, RingEnd, RowChange, Settings, Snapshot, Span, TalkEnd,
    TierConfig, TierSetting, Timestamp,
};
use mod_callcenter::store::{SqliteStore, Store, TakeUp};
use std::path::{Path, PathBuf};

const QUEUES: [&str; 2] = ["sales", "support"];
const NAMES: [&str; 2] = ["box1", "box2"];
const AGENTS_EACH: usize = 3;
const STEPS: usize = 400;
const ALL: TakeUp = TakeUp {
    queues: false,
    agents: true,
    tiers: true,
    ..TakeUp::ALL
};

/// One FreeSWITCH: the engine, its way to the database, and the calls under way.
struct Centre {
    name: &'static str,
    path: PathBuf,
    engine: Engine,
    store: Box<dyn Store>,
    /// Not yet in the database.
    unsaved: Vec<RowChange>,
    /// Whose rows were changed by command since they were last saved.
    commanded: Commanded,
    offers: Vec<(OfferId, Stage)>,
    members: Vec<MemberId>,
    starts: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Ringing,
    Connecting,
    Talking,
}

impl Centre {
    fn start(name: &'static str, path: &Path, now: Timestamp, starts: u64) -> Self {
        let settings = Settings {
            instance_id: name.to_owned(),
            ..Settings::default()
        };
        let opened = SqliteStore::open_or_go_without(path, false, name, ALL).boxed();
        assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
        let mut centre = Self {
            name,
            path: path.to_owned(),
            engine: Engine::new(settings, starts),
            store: opened.store,
            unsaved: Vec::new(),
            commanded: Commanded::default(),
            offers: Vec::new(),
            members: Vec::new(),
            starts,
        };
        centre.submit(now, Input::Restore(opened.snapshot));
        centre.configure(now);
        centre
    }

    /// Both are given the same configuration: each takes from it what is its own.
    fn configure(&mut self, now: Timestamp) {
        for queue in QUEUES {
            let mut config = QueueConfig::named(queue);
            config.discard_abandoned_after = 60;
            config.abandoned_resume_allowed = true;
            self.submit(now, Input::LoadQueue(config));
        }
        let own = NAMES.iter().position(|name| *name == self.name);
        for first in own.into_iter().chain(own.map(|own| 1 - own)) {
            for number in 0..AGENTS_EACH {
                self.configure_agent(now, &format!("{}-{number}", NAMES[first]));
            }
        }
    }

    fn configure_agent(&mut self, now: Timestamp, agent: &str) {
        let config = AgentConfig {
            name: agent.to_owned(),
            agent_type: AgentType::parse("callback").expect("a known type"),
            contact: Some(format!("user/{agent}")),
            status: Some(AgentStatus::Available),
            attributes: match wrap_up_time(2) {
                AgentSetting::Attribute(wrap_up_time) => vec![wrap_up_time],
                other => panic!("{other:?}"),
            },
            limits: Vec::new(),
            skills: None,
        };
        self.submit(now, Input::ApplyAgent(config));
        for queue in QUEUES {
            self.submit(now, Input::ApplyTier(tier(queue, agent)));
        }
    }

    fn submit(&mut self, now: Timestamp, input: Input) -> Option<Reply> {
        let reply = self.engine.handle_input(now, input).ok();
        self.absorb();
        reply
    }

    fn wake(&mut self, now: Timestamp) {
        self.engine.handle_timeout(now);
        self.absorb();
    }

    fn absorb(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Row(change) => self.unsaved.push(change),
                Output::Ring(ring) => {
                    let row = self.engine.agent_row(&ring.agent).expect("the agent who is rung");
                    assert_eq!(row.instance_id, self.name, "{} rings {}", self.name, ring.agent);
                    self.offers.push((ring.offer, Stage::Ringing));
                }
                Output::Connect(connect) => self.set_stage(connect.offer, Stage::Connecting),
                _ => (),
            }
        }
    }

    fn set_stage(&mut self, offer: OfferId, stage: Stage) {
        self.offers
            .iter_mut()
            .filter(|(id, _)| *id == offer)
            .for_each(|known| known.1 = stage);
    }

    /// Writes what has gathered; of the other's rows only what was commanded may differ afterwards.
    fn save(&mut self) {
        let before = snapshot(&self.path);
        let changes = std::mem::take(&mut self.unsaved);
        self.store.apply(&changes).expect("a write");
        assert_untouched(self.name, &before, &snapshot(&self.path), &self.commanded);
        self.commanded = Commanded::default();
    }

    /// Looks what others have changed, as the journal does it before it writes.
    fn look(&mut self, now: Timestamp) {
        let changes = self.store.changes_of_others().expect("a look");
        if !changes.is_empty() {
            self.submit(now, Input::RowsChanged(changes));
        }
    }

    /// The process is killed and started again.
    fn crash(&mut self, now: Timestamp) {
        let (name, path, starts) = (self.name, self.path.clone(), self.starts + 1);
        *self = Self::start(name, &path, now, starts);
        let snapshot = self.engine.agent_rows();
        for row in snapshot.iter().filter(|row| row.instance_id == name) {
            assert!(
                [AgentState::Waiting, AgentState::Receiving].contains(&row.state),
                "{} is stuck: {row:?}",
                row.name
            );
        }
        self.save();
    }

    fn call_step(&mut self, now: Timestamp, dice: &mut Dice) {
        match dice.below(4) {
            0 => self.join(now, dice),
            1 => self.leave(now, dice),
            _ => self.proceed(now, dice),
        }
    }

    fn join(&mut self, now: Timestamp, dice: &mut Dice) {
        let uuid = format!("{}-{}", self.name, dice.seed());
        let request = JoinRequest {
            queue: QUEUES[dice.below(QUEUES.len())].to_owned(),
            session_uuid: format!("session-{uuid}"),
            new_member_uuid: uuid,
            // The same people call both, and may come back to a place they left.
            cid_number: format!("555{}", dice.below(6)),
            answered_epoch: now.steady_secs(),
            ..JoinRequest::default()
        };
        if let Some(Reply::Joined { member, .. }) = self.submit(now, Input::MemberJoin(request)) {
            self.members.push(member);
        }
    }

    fn leave(&mut self, now: Timestamp, dice: &mut Dice) {
        if self.members.is_empty() {
            return;
        }
        let member = self.members.swap_remove(dice.below(self.members.len()));
        let exit = MemberExit {
            channel_up: false,
            reason: None,
            key: None,
        };
        self.submit(now, Input::MemberExit { member, exit });
    }

    /// One of the calls under way goes on, or ends.
    fn proceed(&mut self, now: Timestamp, dice: &mut Dice) {
        if self.offers.is_empty() {
            return;
        }
        let place = dice.below(self.offers.len());
        let (offer, stage) = self.offers[place];
        let fails = dice.chance(0.3);
        let cause = HangupCause::NORMAL_CLEARING;
        let (input, next) = match stage {
            Stage::Ringing if fails => (
                Input::OfferFailed {
                    offer,
                    end: RingEnd::NotTaken(cause),
                },
                None,
            ),
            Stage::Ringing => {
                let agent_uuid = format!("leg-{}-{place}-{}", self.name, dice.seed());
                (Input::OfferAnswered { offer, agent_uuid }, Some(Stage::Connecting))
            }
            Stage::Connecting if fails => {
                let member_up = dice.chance(0.5);
                (
                    Input::BridgeFailed {
                        offer,
                        member_up,
                        agent_left: dice.chance(0.5),
                        cause,
                    },
                    None,
                )
            }
            Stage::Connecting => (Input::OfferBridged { offer }, Some(Stage::Talking)),
            Stage::Talking => (
                Input::AgentLegEnded {
                    offer,
                    cause,
                    by: TalkEnd::Agent,
                },
                None,
            ),
        };
        match next {
            Some(next) => self.offers[place].1 = next,
            None => drop(self.offers.swap_remove(place)),
        }
        if self.submit(now, input).is_none() {
            self.offers.retain(|(id, _)| *id != offer);
        }
    }

    /// A command about anybody's agent: the other one takes the change over.
    fn command(&mut self, now: Timestamp, dice: &mut Dice) {
        let agent = format!("{}-{}", NAMES[dice.below(2)], dice.below(AGENTS_EACH));
        let queue = QUEUES[dice.below(QUEUES.len())].to_owned();
        self.commanded.agents.insert(agent.clone());
        let set = |setting| Input::AgentSet {
            name: agent.clone(),
            setting,
        };
        let input = match dice.below(7) {
            0 | 1 => set(AgentSetting::Status("Available".to_owned())),
            2 => set(AgentSetting::Status("On Break".to_owned())),
            3 => set(wrap_up_time(dice.between(0, 9))),
            4 => set(AgentSetting::State("Waiting".to_owned())),
            5 => Input::TierSet {
                queue,
                agent: agent.clone(),
                setting: TierSetting::Level(dice.between(1, 3)),
            },
            _ => Input::TierAdd(tier(&queue, &agent)),
        };
        self.submit(now, input);
    }

    /// Everybody goes home.
    fn close(&mut self, now: Timestamp, dice: &mut Dice) {
        while !self.members.is_empty() {
            self.leave(now, dice);
        }
        while !self.offers.is_empty() {
            self.proceed(now, dice);
        }
    }
}

fn tier(queue: &str, agent: &str) -> TierConfig {
    TierConfig {
        queue: queue.to_owned(),
        agent: agent.to_owned(),
        level: 1,
        position: 1,
    }
}

/// What the database holds.
fn snapshot(path: &Path) -> Snapshot {
    SqliteStore::open(path, false)
        .and_then(|mut store| store.load())
        .expect("the rows")
}

fn run(seed: u64) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("shared.db");
    let mut dice = Dice::new(seed, "two boxes");
    let mut now = Timestamp::from_secs(1_700_000_000);
    let mut centres = NAMES.map(|name| {
        let mut centre = Centre::start(name, &path, now, seed);
        centre.save();
        centre
    });
    // The first one named all agents in its configuration before the second came: give the second its own.
    for number in 0..AGENTS_EACH {
        let agent = format!("{}-{number}", NAMES[1]);
        move_agent(&mut centres, now, &agent);
    }
    for _ in 0..STEPS {
        now = now + Span::from_micros(dice.between(0, 1_500_000));
        let centre = &mut centres[dice.below(2)];
        centre.wake(now);
        match dice.below(20) {
            0..=9 => centre.call_step(now, &mut dice),
            10 | 11 => centre.command(now, &mut dice),
            12..=14 => centre.look(now),
            15..=18 => {
                centre.look(now);
                centre.save();
            }
            _ if dice.chance(0.2) => centre.crash(now),
            _ => centre.configure(now),
        }
    }
    for centre in &mut centres {
        centre.wake(now);
        centre.close(now, &mut dice);
    }
    for _ in 0..3 {
        for centre in &mut centres {
            centre.look(now);
            centre.save();
        }
    }
    for centre in &centres {
        assert_agreement(centre.name, &centre.engine, now, &snapshot(&path));
    }
    let left = snapshot(&path).members;
    assert!(left.iter().all(|row| row.state == MemberState::Abandoned), "{left:?}");
}

/// The agent's phone is at the second one's from now on, and the first one has seen that.
fn move_agent(centres: &mut [Centre; 2], now: Timestamp, agent: &str) {
    let [first, second] = centres;
    second.look(now);
    second.commanded.agents.insert(agent.to_owned());
    let setting = AgentSetting::Contact(format!("user/{agent}"));
    second.submit(
        now,
        Input::AgentSet {
            name: agent.to_owned(),
            setting,
        },
    );
    second.save();
    first.look(now);
    let owner = |centre: &Centre| centre.engine.agent_row(agent).map(|row| row.instance_id);
    assert_eq!(
        (owner(first), owner(second)),
        (Some("box2".to_owned()), Some("box2".to_owned()))
    );
}

#[test]
fn two_boxes_on_one_database_leave_each_other_alone() {
    let given = std::env::var("SIM_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = given.map_or(1..=40, |seed: u64| seed..=seed);
    for seed in seeds {
        let result = std::panic::catch_unwind(|| run(seed));
        if let Err(panic) = result {
            eprintln!("SIM_SEED={seed} cargo test --test sim two_boxes runs this again");
            std::panic::resume_unwind(panic);
        }
    }
}

fn wrap_up_time(seconds: i64) -> AgentSetting {
    let setting = AgentSetting::attribute("wrap_up_time", &seconds.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}

//! Inputs of the engine in any order and at any time: reports that come twice, late or never, rows that others change, names
//! of every kind. When everybody has gone in the end, nobody is stuck.

mod configured;
mod draws;

use self::configured::{agent_type, attribute, available, tier};
use mod_callcenter::engine::{
    AgentLimits, AgentRow, AgentSetting, AgentState, AgentStatus, CancelReason, ChangeByOthers, ChangesByOthers,
    Course, Engine, Found, HangupCause, Input, JoinRequest, Media, MemberExit, MemberId, MemberState, OfferId, Output,
    PreferredAgents, QueueConfig, Reply, RingEnd, Settings, Snapshot, Span, Talk, TalkEnd, TierRow, TierSetting,
    TierState, Timestamp, WallTime, AGENT_LIMITS, QUEUE_PARAMETERS,
};

/// Inputs in one run.
const MOST_INPUTS: usize = 400;

/// Deadlines that may pass while the last ones leave; an engine that needs more goes round in circles.
const MOST_DEADLINES: usize = 10_000;

/// Runs the inputs that the bytes stand for, then lets everybody go.
///
/// # Panics
/// When somebody is stuck afterwards.
pub fn run(data: &[u8]) {
    let mut world = World::new(data);
    for _ in 0..MOST_INPUTS {
        if world.bytes.is_empty() {
            break;
        }
        world.step();
    }
    world.everybody_goes();
    world.check();
}

struct World<'a> {
    bytes: &'a [u8],
    engine: Engine,
    now: Timestamp,
    offers: Vec<OfferId>,
    members: Vec<MemberId>,
    joined: u32,
}

impl<'a> World<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let settings = Settings {
            reserve_agents: bytes.first().is_some_and(|byte| byte % 2 == 1),
            ..Settings::default()
        };
        let takes_over = bytes.first().is_some_and(|byte| byte & 2 != 0);
        let mut world = Self {
            bytes,
            engine: Engine::new(settings, 1),
            now: Timestamp::from_secs(1_700_000_000),
            offers: Vec::new(),
            members: Vec::new(),
            joined: 0,
        };
        for queue in ["q", "r"] {
            world.give(Input::LoadQueue(QueueConfig::named(queue)));
        }
        for name in ["a", "b"] {
            world.give(Input::ApplyAgent(available(name)));
            world.give(Input::ApplyTier(tier("q", name, 1, 1)));
        }
        if takes_over {
            world.take_over();
        }
        world
    }

    /// Talks that were up before, some of which make no sense.
    fn take_over(&mut self) {
        let talks = (0..1 + self.byte() % 3).map(|number| self.talk(number)).collect();
        let standing = vec![(self.name(), "standing leg".to_owned())];
        self.give(Input::Adopt(Found { talks, standing }));
    }

    fn talk(&mut self, number: usize) -> Talk {
        let time = |number: i64| WallTime::from_micros(number.saturating_mul(1_000_000));
        let course = Course {
            joined_epoch: self.number(),
            entered: time(self.number()),
            called: time(self.number()),
            answered: time(self.number()),
            bridged: time(self.number()),
            agent_is_gone: self.flag(),
            ..Course::default()
        };
        Talk {
            queue: self.queue(),
            agent: self.name(),
            agent_type: agent_type(self.flag()),
            agent_uuid: format!("leg {number}"),
            member_uuid: format!("talker {}", self.byte() % 2),
            member_session_uuid: format!("session {number}"),
            cid_number: self.name(),
            cid_name: self.name(),
            dnis: None,
            param: None,
            media: Media::default(),
            course,
        }
    }

    fn give(&mut self, input: Input) {
        match self.engine.handle_input(self.now, input) {
            Ok(Reply::Joined { member, .. }) => self.members.push(member),
            Ok(Reply::Adopted(offers)) => self.offers.extend(offers),
            _ => (),
        }
        self.hear();
    }

    /// Takes what the engine wants done: the offers are remembered, in the order they were made.
    fn hear(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            if let Output::Ring(ring) = output {
                self.offers.push(ring.offer);
            }
        }
    }

    fn step(&mut self) {
        match self.byte() % 12 {
            0 => self.time_passes(),
            1 => self.caller_joins(),
            2 | 3 => self.offer_goes_on(),
            4 => self.caller_leaves(),
            5 => self.agent_command(),
            6 => self.tier_command(),
            7 => self.queue_changes(),
            8 => self.configuration_says(),
            9 => self.others_change_rows(),
            10 => self.call_outside(),
            _ => self.deadlines(3),
        }
    }

    /// Forwards by any length: the engine's clock never goes back. That of the wall is set by an input of its own.
    fn time_passes(&mut self) {
        let span = match self.byte() % 8 {
            0 => Span::from_micros(1),
            1 => Span::from_millis(999),
            2 => Span::from_secs(1),
            3 => Span::from_secs(10),
            4 => Span::from_secs(61),
            5 => Span::from_secs(86_401),
            6 => Span::from_millis(2),
            _ => Span::ZERO,
        };
        self.now = self.now + span;
        self.deadlines(20);
    }

    fn deadlines(&mut self, most: usize) {
        for _ in 0..most {
            if self.engine.poll_timeout().is_none_or(|at| at > self.now) {
                return;
            }
            self.engine.handle_timeout(self.now);
            self.hear();
        }
    }

    fn caller_joins(&mut self) {
        self.joined += 1;
        let (queue, number) = (self.queue(), self.name());
        let request = JoinRequest {
            queue,
            session_uuid: format!("s{}", self.joined),
            new_member_uuid: format!("m{}", self.joined),
            preferred: PreferredAgents::parse(&number).0,
            cid_number: number,
            cid_name: self.name(),
            dnis: None,
            base_score: self.number(),
            answered_epoch: self.number(),
            ..JoinRequest::default()
        };
        self.give(Input::MemberJoin(request));
    }

    /// A report about any offer there ever was.
    fn offer_goes_on(&mut self) {
        let offers = self.offers.clone();
        let Some(offer) = self.pick(&offers) else { return };
        let input = match self.byte() % 8 {
            0..=2 => Input::OfferAnswered {
                offer,
                agent_uuid: format!("leg of {offer:?}"),
            },
            3 | 4 => Input::OfferBridged { offer },
            5 => Input::OfferFailed {
                offer,
                end: self.ring_end(),
            },
            6 => Input::BridgeFailed {
                offer,
                member_up: self.flag(),
                agent_left: self.flag(),
                cause: self.cause(),
            },
            _ => Input::AgentLegEnded {
                offer,
                cause: self.cause(),
                by: TalkEnd::Agent,
            },
        };
        self.give(input);
    }

    fn caller_leaves(&mut self) {
        let members = self.members.clone();
        let Some(member) = self.pick(&members) else { return };
        let exit = MemberExit {
            channel_up: self.flag(),
            reason: [None, Some(CancelReason::Timeout), Some(CancelReason::BreakOut)][self.byte() % 3],
            key: None,
        };
        self.give(Input::MemberExit { member, exit });
    }

    fn agent_command(&mut self) {
        let name = self.name();
        let input = match self.byte() % 5 {
            0 => Input::AgentAdd {
                name,
                agent_type: agent_type(self.flag()),
            },
            1 => Input::AgentDel { name },
            2 => Input::AgentBreak {
                agent_uuid: format!("leg of {:?}", self.offers.last()),
            },
            _ => Input::AgentSet {
                name,
                setting: self.setting(),
            },
        };
        self.give(input);
    }

    fn setting(&mut self) -> AgentSetting {
        let status = |index: usize| AgentStatus::ALL[index % AgentStatus::ALL.len()];
        let kind = self.byte();
        match kind % 8 {
            0 => AgentSetting::Status(status(self.byte()).to_string()),
            1 => AgentSetting::State(if self.flag() { "Waiting" } else { "Idle" }.to_owned()),
            2 => AgentSetting::Uuid(self.name()),
            3 => AgentSetting::Attribute(attribute("wrap_up_time", self.number())),
            4 => AgentSetting::ReadyTime(self.number()),
            5 => AgentSetting::Attribute(attribute("max_no_answer", self.number())),
            6 => AgentSetting::Attribute(attribute("reject_delay_time", self.number())),
            7 if kind >= 128 => self.limit(),
            _ => AgentSetting::Type(agent_type(self.flag())),
        }
    }

    fn limit(&mut self) -> AgentSetting {
        let limit = &AGENT_LIMITS[self.byte() % AGENT_LIMITS.len()];
        let value = self.number().clamp(0, i32::MAX.into()).to_string();
        let assigned = limit.assign(&AgentLimits::default(), &value);
        AgentSetting::Limit(assigned.expect("a number that it takes"))
    }

    fn tier_command(&mut self) {
        let (queue, agent) = (self.queue(), self.name());
        let input = match self.byte() % 4 {
            0 => Input::TierAdd(tier(&queue, &agent, self.number(), self.number())),
            1 => Input::TierDel { queue, agent },
            _ => Input::TierSet {
                queue,
                agent,
                setting: match self.byte() % 3 {
                    0 => {
                        TierSetting::State([TierState::Ready, TierState::Standby, TierState::NoAnswer][self.byte() % 3])
                    }
                    1 => TierSetting::Level(self.number()),
                    _ => TierSetting::Position(self.number()),
                },
            },
        };
        self.give(input);
    }

    fn queue_changes(&mut self) {
        let name = self.queue();
        match self.byte() % 4 {
            0 => return self.give(Input::UnloadQueue(name)),
            1 => return self.queue_set(name),
            _ => {}
        }
        let config = self.queue_as_configured(name);
        self.give(Input::LoadQueue(config));
    }

    fn queue_set(&mut self, queue: String) {
        let parameter = &QUEUE_PARAMETERS[self.byte() % QUEUE_PARAMETERS.len()];
        let value = self.number().to_string();
        if let Ok(setting) = parameter.assign(&QueueConfig::named(&queue), &value) {
            self.give(Input::QueueSet { queue, setting });
        }
    }

    fn configuration_says(&mut self) {
        let input = match self.byte() {
            128..=159 => Input::ReloadAgent(self.configured_agent()),
            160..=191 => Input::ClockSet(WallTime::from_micros(self.number().saturating_mul(1_000_000))),
            192..=255 => self.reload(),
            kind if kind % 2 == 1 => Input::ApplyAgent(self.configured_agent()),
            _ => Input::ApplyTier(self.configured_tier()),
        };
        self.give(input);
    }

    fn others_change_rows(&mut self) {
        let mut changes = ChangesByOthers::default();
        if self.flag() {
            let before = AgentRow::new(self.name(), "single_box", agent_type(false));
            let mut after = before.clone();
            after.status = AgentStatus::ALL[self.byte() % AgentStatus::ALL.len()];
            after.wrap_up_time = self.number();
            after.last_bridge_end = self.number();
            after.last_offered_call = self.number();
            after.talk_time = self.number();
            after.calls_answered = self.number();
            after.external_calls_count = self.number();
            changes.agents.push(self.change(before, after));
        } else {
            let before = TierRow {
                queue: self.queue(),
                agent: self.name(),
                state: TierState::Ready,
                level: 1,
                position: 1,
            };
            let mut after = before.clone();
            after.level = self.number();
            after.position = self.number();
            changes.tiers.push(self.change(before, after));
        }
        self.give(Input::RowsChanged(changes));
    }

    fn change<R>(&mut self, before: R, after: R) -> ChangeByOthers<R> {
        match self.byte() % 3 {
            0 => ChangeByOthers::Added(after),
            1 => ChangeByOthers::Changed { before, after },
            _ => ChangeByOthers::Gone(before),
        }
    }

    fn call_outside(&mut self) {
        let agent = self.name();
        let input = match self.byte() % 5 {
            4 => self.nobody_knows(),
            0 => Input::ExternalCallStarted { agent },
            1 => Input::ExternalCallEnded { agent },
            2 => Input::PresenceProbe { queue: self.queue() },
            _ => Input::Restore(Snapshot::default()),
        };
        self.give(input);
    }

    /// The watchdog is told that a member and an offer are unknown outside.
    fn nobody_knows(&mut self) -> Input {
        let (members, offers) = (self.members.clone(), self.offers.clone());
        Input::NotFound {
            members: self.pick(&members).into_iter().collect(),
            offers: self.pick(&offers).into_iter().collect(),
        }
    }

    /// Every caller leaves, and every offer is reported over, whatever it was.
    fn everybody_goes(&mut self) {
        for member in self.members.clone() {
            let exit = MemberExit {
                channel_up: false,
                reason: None,
                key: None,
            };
            self.give(Input::MemberExit { member, exit });
        }
        for offer in self.offers.clone() {
            let cause = HangupCause::ORIGINATOR_CANCEL;
            self.give(Input::OfferFailed {
                offer,
                end: RingEnd::Withdrawn(cause.clone()),
            });
            self.give(Input::BridgeFailed {
                offer,
                member_up: false,
                agent_left: false,
                cause: cause.clone(),
            });
            let by = TalkEnd::Agent;
            self.give(Input::AgentLegEnded { offer, cause, by });
        }
        self.now = self.now + Span::from_secs(200_000);
        for _ in 0..MOST_DEADLINES {
            if self.engine.poll_timeout().is_none_or(|at| at > self.now) {
                return;
            }
            self.engine.handle_timeout(self.now);
            self.hear();
        }
        panic!("deadlines without end");
    }

    fn check(&self) {
        for row in self.engine.agent_rows() {
            let is_free = matches!(row.state, AgentState::Waiting | AgentState::Idle);
            assert!(is_free, "{row:?} is stuck");
            assert!(row.external_calls_count >= 0, "{row:?}");
        }
        for row in self.engine.tier_rows() {
            let is_free = !matches!(row.state, TierState::Offering | TierState::ActiveInbound);
            assert!(is_free, "{row:?} is stuck");
        }
        for listing in self.engine.all_member_rows(self.now) {
            assert_eq!(listing.row.state, MemberState::Abandoned, "{:?} is stuck", listing.row);
        }
    }
}

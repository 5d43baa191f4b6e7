//! The engine's rules, one by one.

mod admission;
mod adoption;
mod agent_reports;
mod announcements;
mod blf;
mod boxes;
mod call_records;
mod callbacks;
mod channel_variables;
mod chats;
mod clock;
mod configured_tiers;
mod counted_work;
mod crossings;
mod devices;
mod eligibility;
mod idleness;
mod left_queues;
mod limits_of_failures;
mod manual_dispatch;
mod matching;
mod offers_by_rule;
mod one_call;
mod overview;
mod pauses;
mod preferred;
mod queue_log;
mod queues_in_database;
mod reconfigured_queue;
mod reload;
mod restarts;
mod rows_by_others;
mod rules_for_who_waits;
mod standing_legs;
mod statistics;
mod stock_faults;
mod strategies;
mod succession;
mod watchdog;
mod whatever_happens;
mod whose_doing;

use super::*;

const QUEUE: &str = "support@default";

/// An engine and what it has put out.
struct Centre {
    engine: Engine,
    now: Timestamp,
    outputs: Vec<Output>,
}

impl Centre {
    fn new(strategy: &str) -> Self {
        Self::with_queue(QueueConfig {
            strategy: strategy.to_owned(),
            ..QueueConfig::named(QUEUE)
        })
    }

    fn with_queue(config: QueueConfig) -> Self {
        Self::with_settings(Settings::default(), config)
    }

    fn with_settings(settings: Settings, config: QueueConfig) -> Self {
        let mut centre = Self {
            engine: Engine::new(settings, 1),
            now: Timestamp::from_secs(1_000_000),
            outputs: Vec::new(),
        };
        centre.tell(Input::LoadQueue(config));
        centre
    }

    fn tell(&mut self, input: Input) -> Reply {
        self.try_tell(input).expect("the engine accepts the input")
    }

    fn try_tell(&mut self, input: Input) -> Result<Reply, EngineError> {
        let reply = self.engine.handle_input(self.now, input);
        self.collect();
        reply
    }

    fn collect(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            self.outputs.push(output);
        }
    }

    /// Lets time pass, acting on each deadline when it comes.
    fn pass(&mut self, seconds: i64) {
        self.pass_for(Span::from_secs(seconds));
    }

    fn pass_for(&mut self, span: Span) {
        let end = self.now + span;
        while let Some(at) = self.engine.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.engine.handle_timeout(self.now);
            self.collect();
        }
        self.now = end;
    }

    fn agent(&mut self, name: &str, level: i64, position: i64) {
        let agent_type = AgentType::parse("callback").expect("a known type");
        self.tell(Input::AgentAdd {
            name: name.to_owned(),
            agent_type,
        });
        self.set(name, AgentSetting::Contact(format!("user/{name}")));
        let tier = TierConfig {
            queue: QUEUE.to_owned(),
            agent: name.to_owned(),
            level,
            position,
        };
        self.tell(Input::TierAdd(tier));
        self.status(name, "Available");
    }

    fn set(&mut self, name: &str, setting: AgentSetting) {
        self.tell(Input::AgentSet {
            name: name.to_owned(),
            setting,
        });
    }

    fn status(&mut self, name: &str, status: &str) {
        self.set(name, AgentSetting::Status(status.to_owned()));
    }

    fn caller(&mut self, name: &str) -> MemberId {
        self.caller_with_score(name, 0)
    }

    fn caller_with_score(&mut self, name: &str, base_score: i64) -> MemberId {
        let request = JoinRequest {
            queue: QUEUE.to_owned(),
            session_uuid: format!("session-{name}"),
            new_member_uuid: format!("member-{name}"),
            cid_number: name.to_owned(),
            cid_name: format!("Caller {name}"),
            base_score,
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Reply::Joined { member, .. } => member,
            other => panic!("joining is answered with {other:?}"),
        }
    }

    fn leave(&mut self, member: MemberId) {
        self.leave_application(member, false);
    }

    /// The channel leaves the queue application, and is up.
    fn exits(&mut self, member: MemberId) {
        self.leave_application(member, true);
    }

    fn leave_application(&mut self, member: MemberId, channel_up: bool) {
        self.tell(Input::MemberExit {
            member,
            exit: MemberExit {
                channel_up,
                reason: None,
                key: None,
            },
        });
    }

    /// Takes the rings put out since the last call.
    fn rings(&mut self) -> Vec<Ring> {
        let (rings, others) = std::mem::take(&mut self.outputs)
            .into_iter()
            .partition(|output| matches!(output, Output::Ring(_)));
        self.outputs = others;
        let rings: Vec<Output> = rings;
        rings
            .into_iter()
            .filter_map(|output| {
                if let Output::Ring(ring) = output {
                    Some(ring)
                } else {
                    None
                }
            })
            .collect()
    }

    fn one_ring(&mut self) -> Ring {
        let mut rings = self.rings();
        assert_eq!(rings.len(), 1, "one ring is expected: {rings:?}");
        rings.remove(0)
    }

    /// The agent's side does not take it.
    fn fail(&mut self, ring: &Ring, cause: HangupCause) {
        self.end_ring(ring, RingEnd::NotTaken(cause));
    }

    fn end_ring(&mut self, ring: &Ring, end: RingEnd) {
        self.tell(Input::OfferFailed { offer: ring.offer, end });
    }

    /// The agent's leg is up.
    fn answer(&mut self, ring: &Ring) {
        self.tell(Input::OfferAnswered {
            offer: ring.offer,
            agent_uuid: format!("leg-{}", ring.agent),
        });
    }

    /// The agent is gone before the bridge, the member is not.
    fn fail_bridge(&mut self, ring: &Ring) {
        self.tell(Input::BridgeFailed {
            offer: ring.offer,
            member_up: true,
            agent_left: true,
            cause: HangupCause::NORMAL_CLEARING,
        });
    }

    /// Takes a ringing offer to a talk.
    fn talk(&mut self, ring: &Ring, member: MemberId) {
        self.answer(ring);
        self.tell(Input::OfferBridged { offer: ring.offer });
        self.exits(member);
    }

    fn hang_up(&mut self, ring: &Ring) {
        self.tell(Input::AgentLegEnded {
            offer: ring.offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        });
    }

    /// Takes the actions of the events put out since the last call.
    fn actions(&mut self) -> Vec<String> {
        let outputs = std::mem::take(&mut self.outputs);
        let events = outputs.iter().filter_map(|output| {
            if let Output::Event(event) = output {
                Some(event)
            } else {
                None
            }
        });
        events.map(|event| event.action().to_owned()).collect()
    }

    fn agent_row(&self, name: &str) -> AgentRow {
        self.engine.agent_row(name).expect("the agent is there")
    }

    fn member_states(&self) -> Vec<MemberState> {
        self.engine
            .member_rows(Some(QUEUE), self.now)
            .into_iter()
            .map(|listing| listing.row.state)
            .collect()
    }
}

fn variable(centre: &Centre, name: &str) -> Option<String> {
    let mut latest_first = centre.outputs.iter().rev().filter_map(|output| match output {
        Output::Variables { changes, .. } => changes.iter().rev().find(|change| change.name == name),
        _ => None,
    });
    latest_first.next().and_then(|change| change.value.clone())
}

fn attribute(key: &str, value: i64) -> AgentSetting {
    let setting = AgentSetting::attribute(key, &value.to_string()).expect("a known attribute");
    setting.expect("a value that it takes")
}

//! A call centre on a busy day, for the benches.

use std::collections::{HashMap, VecDeque};
use std::hint::black_box;

use mod_callcenter::engine::{
    AgentSetting, AgentType, CallbackConfig, CallbackEnd, CallerRequirements, Engine, EngineError, HangupCause, Input,
    JoinRequest, MemberExit, MemberId, OfferId, Output, Overview, OverviewRequest, QueueConfig, Reply, RequiredSkills,
    Ring, Settings, Skills, Span, TalkEnd, TierConfig, Timestamp,
};

/// A call centre in which every agent talks and the other callers wait.
pub struct Day {
    engine: Engine,
    now: Timestamp,
    callers: u64,
    /// Who waits, by the member's uuid: what the switch would know of them.
    pub waiting: HashMap<String, Waiting>,
    talking: VecDeque<OfferId>,
    /// So many skills that callers ask for, each for one.
    skills: usize,
}

/// A caller in line.
pub struct Waiting {
    member: MemberId,
    queue: usize,
}

impl Day {
    /// With each agent in one of the queues.
    pub fn new(strategy: &str, queues: usize, agents: usize, waiting: usize) -> Self {
        Self::with_tiers(strategy, queues, 1, agents, waiting)
    }

    /// With each agent in several of the queues.
    pub fn with_tiers(strategy: &str, queues: usize, tiers: usize, agents: usize, waiting: usize) -> Self {
        let mut day = Self::before_opening(0);
        for queue in 0..queues {
            let config = QueueConfig {
                strategy: strategy.to_owned(),
                ..QueueConfig::named(queue_name(queue))
            };
            let _ = day.tell(Input::LoadQueue(config));
        }
        for agent in 0..agents {
            day.add_agent(&format!("agent{agent}"), (0..tiers).map(|tier| (agent + tier) % queues));
        }
        for agent in 0..agents {
            day.join(agent % queues);
            day.answer_rings();
        }
        for member in 0..waiting {
            day.join(member % queues);
            day.rings();
        }
        day
    }

    /// One queue that agents serve by their skills: each has one of so many, and each caller asks for one.
    pub fn with_skills(skills: usize, agents: usize, waiting: usize) -> Self {
        let mut day = Self::before_opening(skills);
        let config = QueueConfig {
            required_skills: RequiredSkills::parse("calls").unwrap_or_default(),
            ..QueueConfig::named(queue_name(0))
        };
        let _ = day.tell(Input::LoadQueue(config));
        for agent in 0..agents {
            let name = format!("agent{agent}");
            day.add_agent(&name, std::iter::empty());
            let text = format!("calls,skill{}", agent % skills);
            let setting = AgentSetting::Skills(Skills::parse(&text).unwrap_or_default());
            let _ = day.tell(Input::AgentSet { name, setting });
        }
        for _ in 0..agents {
            day.join(0);
            day.answer_rings();
        }
        for _ in 0..waiting {
            day.join(0);
            day.rings();
        }
        day
    }

    /// One queue with callers who wait on the phone and, behind them, so many who are to be called back: at once, or so many seconds later.
    pub fn with_callbacks(agents: usize, waiting: usize, pending: usize, delay: u32) -> Self {
        let mut day = Self::before_opening(0);
        let config = QueueConfig {
            callbacks: CallbackConfig {
                dial: Some("loopback/${callback_number}/callbacks".to_owned()),
                delay,
                attempts: 0,
                expires: 0,
                retry_delay: 0,
                ..CallbackConfig::default()
            },
            ..QueueConfig::named(queue_name(0))
        };
        let _ = day.tell(Input::LoadQueue(config));
        for agent in 0..agents {
            day.add_agent(&format!("agent{agent}"), std::iter::once(0));
        }
        for _ in 0..agents {
            day.join(0);
            day.answer_rings();
        }
        for _ in 0..waiting {
            day.join(0);
            day.rings();
        }
        for number in 0..pending {
            let _ = day.tell(Input::CallbackAdd {
                queue: queue_name(0),
                number: format!("0{number}"),
                name: String::new(),
                new_member_uuid: format!("callback-{number}"),
            });
            day.rings();
        }
        day
    }

    /// Whoever is being called back does not answer. How many calls there were.
    pub fn calls_in_vain(&mut self) -> usize {
        let calls: Vec<_> = std::iter::from_fn(|| self.engine.poll_output())
            .filter_map(|output| match black_box(output) {
                Output::CallBack(call) => Some(call.attempt),
                _ => None,
            })
            .collect();
        for attempt in &calls {
            let end = CallbackEnd::NoAnswer;
            let _ = self.tell(Input::CallbackFailed { attempt: *attempt, end });
        }
        calls.len()
    }

    fn before_opening(skills: usize) -> Self {
        Self {
            engine: Engine::new(Settings::default(), 1),
            now: Timestamp::from_secs(1_000_000),
            callers: 0,
            waiting: HashMap::new(),
            talking: VecDeque::new(),
            skills,
        }
    }

    fn requirements(&self) -> CallerRequirements {
        let Some(skill) = usize::try_from(self.callers)
            .ok()
            .and_then(|caller| caller.checked_rem(self.skills))
        else {
            return CallerRequirements::default();
        };
        CallerRequirements {
            skills: RequiredSkills::parse(&format!("skill{skill}")).unwrap_or_default(),
            ..CallerRequirements::default()
        }
    }

    /// One input, a millisecond after the one before.
    pub fn tell(&mut self, input: Input) -> Result<Reply, EngineError> {
        self.now = self.now + Span::from_millis(1);
        self.engine.handle_input(self.now, input)
    }

    fn add_agent(&mut self, name: &str, queues: impl Iterator<Item = usize>) {
        let Some(agent_type) = AgentType::parse("callback") else {
            return;
        };
        let added = Input::AgentAdd {
            name: name.to_owned(),
            agent_type,
        };
        let _ = self.tell(added);
        for queue in queues {
            let tier = TierConfig {
                queue: queue_name(queue),
                agent: name.to_owned(),
                level: 1,
                position: 1,
            };
            let _ = self.tell(Input::TierAdd(tier));
        }
        let available = Input::AgentSet {
            name: name.to_owned(),
            setting: AgentSetting::Status("Available".to_owned()),
        };
        let _ = self.tell(available);
    }

    /// A caller joins.
    pub fn join(&mut self, queue: usize) -> Option<MemberId> {
        self.callers += 1;
        let request = JoinRequest {
            queue: queue_name(queue),
            session_uuid: format!("session-{}", self.callers),
            new_member_uuid: format!("member-{}", self.callers),
            cid_number: self.callers.to_string(),
            requirements: self.requirements(),
            ..JoinRequest::default()
        };
        match self.tell(Input::MemberJoin(request)) {
            Ok(Reply::Joined { member, .. }) => {
                let uuid = format!("member-{}", self.callers);
                self.waiting.insert(uuid, Waiting { member, queue });
                Some(member)
            }
            _ => None,
        }
    }

    /// A caller hangs up.
    pub fn leave(&mut self, member: MemberId) {
        let exit = MemberExit {
            channel_up: false,
            reason: None,
            key: None,
        };
        let _ = black_box(self.tell(Input::MemberExit { member, exit }).is_ok());
        self.rings();
    }

    /// Takes all outputs; gives the agents who are to be rung.
    pub fn rings(&mut self) -> Vec<Ring> {
        let mut rings = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Ring(ring) = black_box(output) {
                rings.push(ring);
            }
        }
        rings
    }

    /// Every phone that is to ring answers at once; gives the queues whose callers are taken.
    pub fn answer_rings(&mut self) -> Vec<usize> {
        let mut taken = Vec::new();
        for ring in self.rings() {
            if self.answer(ring.offer) {
                self.bridge(ring.offer);
                taken.extend(self.taken(&ring));
            }
        }
        self.rings();
        taken
    }

    /// The caller who is bridged leaves the line; gives the queue.
    pub fn taken(&mut self, ring: &Ring) -> Option<usize> {
        let waiting = self.waiting.remove(&ring.member_uuid)?;
        let exit = MemberExit {
            channel_up: true,
            reason: None,
            key: None,
        };
        let member = waiting.member;
        let _ = black_box(self.tell(Input::MemberExit { member, exit }).is_ok());
        Some(waiting.queue)
    }

    /// The agent's phone answers; whether that was in time.
    pub fn answer(&mut self, offer: OfferId) -> bool {
        let agent_uuid = format!("leg-{}", offer.number());
        self.tell(Input::OfferAnswered { offer, agent_uuid }).is_ok()
    }

    /// What a board is told of the call centre, all of it.
    pub fn overview(&self) -> Overview {
        let everything = OverviewRequest {
            midnight: 0,
            queues: None,
            with_queues: true,
            members: usize::MAX,
            leavers: 20,
            with_quarters: true,
            with_histograms: true,
            agents: usize::MAX,
            agents_after: None,
            with_tiers: true,
        };
        self.engine.overview(self.now, &everything)
    }

    /// The two are connected.
    pub fn bridge(&mut self, offer: OfferId) {
        let _ = self.tell(Input::OfferBridged { offer });
        self.talking.push_back(offer);
    }

    /// Of those who talk, the agent who has talked longest hangs up.
    pub fn hang_up(&mut self) {
        let Some(offer) = self.talking.pop_front() else { return };
        let _ = self.tell(Input::AgentLegEnded {
            offer,
            cause: HangupCause::NORMAL_CLEARING,
            by: TalkEnd::Agent,
        });
    }
}

fn queue_name(queue: usize) -> String {
    format!("queue{queue}@default")
}

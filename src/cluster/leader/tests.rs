//! What a leader knows that a box has not heard yet: the talk of a box is released on another one, and the message about it is lost.

use super::*;
use crate::cluster::home::Deed;
use crate::cluster::link::CallCentre;
use crate::cluster::tables::Facts;
use crate::cluster::term::{Incarnation, Server, Term};
use crate::cluster::time::BoxTime;
use crate::engine::{
    AgentConfig, AgentState, AgentStatus, AgentType, JoinRequest, QueueConfig, TierConfig, TierRow, TierState,
};

const NOW: BoxTime = BoxTime::from_micros(1_000_000_000);
const AT: Timestamp = Timestamp::from_micros(50_000_000);

fn box_of(instance: &str) -> BoxId {
    BoxId {
        instance: instance.to_owned(),
        incarnation: Incarnation(1),
    }
}

fn takeover(election: u64, rows: Snapshot, facts: Facts, reports: &[(&str, Report)]) -> Takeover<CallCentre> {
    Takeover {
        term: Term {
            server: Server(1),
            timeline: 1,
            number: election,
            incarnation: Incarnation(1),
        },
        rows,
        facts,
        goes_on: true,
        reports: reports.iter().map(|(from, report)| told(from, report)).collect(),
        silent: Vec::new(),
        left: Vec::new(),
        engine_time: AT,
        wall: WallTime::from_secs(1_700_000_000),
    }
}

fn told(from: &str, report: &Report) -> Told {
    Told {
        from: box_of(from),
        number: 1,
        report: 1,
        cursor: u64::MAX,
        age: Span::ZERO,
        body: write(&FromBox::Has(Box::new(report.clone()))).expect("a line"),
    }
}

/// The box that leads, and the one where the caller is.
struct Centre {
    engine: Engine,
    leader: Leader,
    there: Home,
    facts: Facts,
    numbers: u64,
}

impl Centre {
    fn begin(takeover: &Takeover<CallCentre>, there: Home) -> (Self, Vec<ToBox>) {
        let boxes = ["here", "there"].map(str::to_owned).to_vec();
        let mut engine = Leader::engine(Settings::default(), 1, takeover.wall, takeover, boxes);
        engine
            .handle_input(AT, Input::LoadQueue(QueueConfig::named("q")))
            .expect("it is loaded");
        let (leader, effects, _) = Leader::begin("here", &mut engine, takeover, (&[], &[]));
        let mut centre = Self {
            engine,
            leader,
            there,
            facts: takeover.facts.clone(),
            numbers: 0,
        };
        let messages = centre.keep(effects);
        (centre, messages)
    }

    /// What is committed, and what the other box is told.
    fn keep(&mut self, effects: Effects) -> Vec<ToBox> {
        assert_eq!(effects.notices, []);
        for FactChange { name, says } in effects.facts {
            match says {
                Some(says) => drop(self.facts.insert(name, says)),
                None => drop(self.facts.remove(&name)),
            }
        }
        let messages = effects.messages.iter().filter(|(to, _)| to == "there");
        messages.map(|(_, line)| read(line).expect("a message")).collect()
    }

    /// Something happens on a box: what the other one is told for it.
    fn happens(&mut self, from: &str, input: Input) -> Vec<ToBox> {
        self.numbers += 1;
        let (line, question) = happened(&mut self.there, &input).expect("a line");
        if from == "there" {
            self.there.happens(NOW, self.numbers, question, &input);
        }
        let effects = self.leader.hear(&mut self.engine, AT, &box_of(from), Span::ZERO, &line);
        self.keep(effects)
    }

    /// The other box hears this, and tells what it has to.
    fn hears(&mut self, messages: Vec<ToBox>) {
        for message in messages {
            for deed in self.there.read(NOW, message) {
                if let Deed::Tell(input) = deed {
                    let more = self.happens("there", input);
                    self.hears(more);
                }
            }
        }
    }

    /// What happens on the other box, which hears what it is told for it.
    fn goes_on(&mut self, input: Input) {
        let messages = self.happens("there", input);
        self.hears(messages);
    }

    fn state(&self) -> AgentState {
        self.engine.agent_row("a").expect("the agent is there").state
    }

    fn released(&self) -> usize {
        self.facts.keys().filter(|name| name.starts_with("released")).count()
    }
}

/// An agent talks to a caller of the other box.
fn in_a_talk() -> Centre {
    let nothing = [("here", Report::default()), ("there", Report::default())];
    let takeover = takeover(1, Snapshot::default(), Facts::new(), &nothing);
    let (mut centre, _) = Centre::begin(&takeover, Home::new("there"));
    let agent = AgentConfig {
        name: "a".to_owned(),
        agent_type: AgentType::callback(),
        contact: Some("user/a".to_owned()),
        status: Some(AgentStatus::Available),
        skills: None,
        attributes: Vec::new(),
        limits: Vec::new(),
    };
    let tier = TierConfig {
        queue: "q".to_owned(),
        agent: "a".to_owned(),
        level: 1,
        position: 1,
    };
    for input in [Input::ApplyAgent(agent), Input::ApplyTier(tier)] {
        let (reply, effects) = centre.leader.change(&mut centre.engine, AT, "here", input);
        reply.expect("it is accepted");
        centre.keep(effects);
    }
    centre.goes_on(Input::MemberJoin(JoinRequest {
        queue: "q".to_owned(),
        session_uuid: "caller".to_owned(),
        new_member_uuid: "member".to_owned(),
        ..JoinRequest::default()
    }));
    let offer = centre.there.report(NOW, 0).has.offers[0].ring.offer;
    centre.goes_on(Input::OfferAnswered {
        offer,
        agent_uuid: "leg".to_owned(),
    });
    centre.goes_on(Input::OfferBridged { offer });
    assert!(centre.there.talks_on("leg"));
    assert_eq!(centre.state(), AgentState::InAQueueCall);
    centre
}

/// The agent is released on the box that leads; what the other one is told of it.
fn release(centre: &mut Centre) -> Vec<ToBox> {
    let agent_uuid = "leg".to_owned();
    let messages = centre.happens("here", Input::AgentBreak { agent_uuid });
    assert!(messages.iter().any(|message| matches!(message, ToBox::Releases { .. })));
    assert_eq!((centre.state(), centre.released()), (AgentState::Waiting, 1));
    messages
}

#[test]
fn a_talk_that_was_released_stays_so_when_the_box_has_not_heard_it_from_a_leader_that_has_died() {
    let mut before = in_a_talk();
    drop(release(&mut before));
    let rows = Snapshot {
        agents: vec![before.engine.agent_row("a").expect("the agent is there")],
        tiers: vec![TierRow {
            queue: "q".to_owned(),
            agent: "a".to_owned(),
            state: TierState::Ready,
            level: 1,
            position: 1,
        }],
        ..Snapshot::default()
    };
    let reports = [("here", Report::default()), ("there", before.there.report(NOW, 0))];
    let takeover = takeover(2, rows, before.facts, &reports);
    let (mut after, messages) = Centre::begin(&takeover, before.there);
    assert_eq!(after.state(), AgentState::Waiting);
    assert_eq!(after.engine.member_count("q"), 0);
    assert_eq!(after.released(), 1);
    after.hears(messages);
    assert!(!after.there.talks_on("leg"));
    assert_eq!(after.released(), 0, "it is known there");
}

#[test]
fn a_talk_that_was_released_stays_so_when_the_box_had_lost_touch() {
    let mut centre = in_a_talk();
    let lost = release(&mut centre);
    for _ in 0..2 {
        let told = told("there", &centre.there.report(NOW, 0));
        let (effects, _) = centre.leader.reported(&mut centre.engine, AT, &told);
        let messages = centre.keep(effects);
        assert_eq!((centre.state(), centre.released()), (AgentState::Waiting, 1));
        assert!(messages.iter().any(|message| matches!(message, ToBox::Releases { .. })));
    }
    centre.hears(lost);
    assert_eq!(centre.released(), 0);
}

#[test]
fn a_talk_that_ends_before_its_box_has_heard_of_the_release_is_kept_no_longer() {
    let mut centre = in_a_talk();
    let offer = centre.there.talks()[0].known_as.expect("it is known").0;
    drop(release(&mut centre));
    centre.goes_on(Input::AgentLegEnded {
        offer,
        cause: crate::engine::HangupCause::NORMAL_CLEARING,
        by: crate::engine::TalkEnd::Agent,
    });
    assert_eq!((centre.state(), centre.released()), (AgentState::Waiting, 0));
}

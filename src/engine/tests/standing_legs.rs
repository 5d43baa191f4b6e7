//! Agents on standby: whose leg is not there takes nobody, and neither does one whose leg somebody talks with.

use super::*;

impl Centre {
    pub(super) fn leg(&mut self, uuid: &str, state: LegState) {
        self.tell(Input::StandingLeg {
            agent_uuid: uuid.to_owned(),
            state,
        });
    }

    pub(super) fn stands_on(&mut self, name: &str, leg: &str) {
        let standby = AgentType::parse("uuid-standby").expect("a known type");
        self.set(name, AgentSetting::Type(standby));
        self.set(name, AgentSetting::Uuid(leg.to_owned()));
    }

    /// Takes a ringing offer to a talk on the standing leg.
    fn talks_on_leg(&mut self, ring: &Ring) {
        let (offer, agent_uuid) = (ring.offer, ring.agent_uuid.clone());
        self.tell(Input::OfferAnswered { offer, agent_uuid });
        self.tell(Input::OfferBridged { offer });
    }

    /// The legs that are to be looked at.
    fn looks(&mut self) -> Vec<String> {
        let outputs = self.outputs.iter();
        let legs = outputs.filter_map(|output| match output {
            Output::LookAtLeg(leg) => Some(leg.clone()),
            _ => None,
        });
        legs.collect()
    }
}

fn queue() -> QueueConfig {
    QueueConfig {
        skip_agents_with_external_calls: false,
        ..QueueConfig::named(QUEUE)
    }
}

fn centre() -> Centre {
    let mut centre = Centre::with_queue(queue());
    centre.agent("a", 1, 1);
    centre.stands_on("a", "leg");
    centre
}

#[test]
fn whose_leg_is_taken_is_offered_nobody() {
    let mut centre = centre();
    centre.leg("leg", LegState::Taken);
    centre.leg("another", LegState::Alone);
    centre.caller("100");
    assert_eq!(centre.rings(), [], "the leg is with somebody else");
    centre.leg("leg", LegState::Alone);
    assert_eq!(centre.rings().len(), 1);
}

#[test]
fn what_is_known_of_a_leg_goes_with_it() {
    let mut centre = centre();
    centre.leg("leg", LegState::Taken);
    centre.caller("100");
    centre.stands_on("a", "new");
    assert_eq!(centre.looks(), ["leg", "new"]);
    assert_eq!(centre.rings(), [], "nobody has seen the new one");
    centre.leg("new", LegState::Alone);
    assert_eq!(centre.rings().len(), 1);
    assert!(!centre.engine.is_standing_leg("leg") && centre.engine.is_standing_leg("new"));
}

/// Stock takes the agent for free until an offer fails.
#[test]
fn whose_leg_is_not_there_counts_nowhere_until_it_comes() {
    let mut centre = Centre::with_queue(QueueConfig {
        join_empty: Some(Absences::NONE),
        ..queue()
    });
    centre.agent("a", 1, 1);
    centre.stands_on("a", "nosuch");
    centre.leg("nosuch", LegState::Gone);
    let reply = centre.tell(Input::MemberJoin(JoinRequest {
        queue: QUEUE.to_owned(),
        ..JoinRequest::default()
    }));
    assert!(matches!(reply, Reply::Refused { .. }), "{reply:?}");
    assert_eq!(centre.agent_row("a").status, AgentStatus::Available, "it may come yet");
    centre.leg("nosuch", LegState::Alone);
    centre.caller("101");
    assert_eq!(centre.one_ring().agent_uuid, "nosuch");
}

#[test]
fn who_hangs_up_the_standing_leg_is_logged_out_at_once_but_not_from_a_break() {
    let mut centre = centre();
    centre.leg("leg", LegState::Alone);
    centre.status("a", "On Break");
    centre.leg("leg", LegState::Gone);
    assert_eq!(centre.agent_row("a").status, AgentStatus::OnBreak);
    centre.leg("leg", LegState::Alone);
    centre.status("a", "Available");
    centre.leg("leg", LegState::Gone);
    let row = centre.agent_row("a");
    assert_eq!((row.status, row.uuid.as_str()), (AgentStatus::LoggedOut, ""));
}

#[test]
fn one_leg_serves_one_caller_at_a_time_whosever_it_is() {
    let mut centre = centre();
    centre.agent("b", 1, 2);
    centre.stands_on("b", "leg");
    centre.leg("leg", LegState::Alone);
    centre.caller("100");
    centre.caller("101");
    let first = centre.one_ring();
    centre.talks_on_leg(&first);
    assert_eq!(centre.rings(), []);
    centre.hang_up(&first);
    assert_eq!(centre.one_ring().member_session_uuid, "session-101");
}

/// The caller stays on the old leg when its agent is given another.
#[test]
fn a_leg_that_an_agent_leaves_in_a_call_is_looked_at_before_it_serves_another() {
    let mut centre = centre();
    centre.agent("b", 1, 2);
    centre.stands_on("b", "leg");
    centre.leg("leg", LegState::Alone);
    centre.caller("100");
    centre.caller("101");
    let first = centre.one_ring();
    centre.outputs.clear();
    centre.set(&first.agent, AgentSetting::Uuid("other".to_owned()));
    assert_eq!(centre.looks(), ["leg", "other"]);
    assert_eq!(centre.rings(), []);
    centre.leg("leg", LegState::Alone);
    assert_eq!(centre.rings().len(), 1);
}

//! Reports that never come, and what the watchdog makes of them.

use super::*;

impl Centre {
    /// Lets time pass; the inspections asked for meanwhile.
    fn inspections(&mut self, seconds: i64) -> Vec<Inspection> {
        self.outputs.clear();
        self.pass(seconds);
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        outputs
            .filter_map(|output| match output {
                Output::Inspect(inspection) => Some(inspection),
                _ => None,
            })
            .collect()
    }

    fn not_found(&mut self, members: &[MemberId], offers: &[OfferId]) {
        self.tell(Input::NotFound {
            members: members.to_vec(),
            offers: offers.to_vec(),
        });
    }

    fn state(&self, agent: &str) -> AgentState {
        self.engine.agent_row(agent).expect("the agent is there").state
    }

    fn warnings(&self) -> usize {
        let warns = |output: &&Output| matches!(output, Output::Notice(notice) if notice.level == NoticeLevel::Warning);
        self.outputs.iter().filter(warns).count()
    }
}

#[test]
fn nothing_is_looked_up_while_nothing_is_under_way() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    assert_eq!(centre.inspections(3600), vec![]);
    let member = centre.caller("1");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    // The round that began while they talked comes to its end; after it there is none.
    centre.inspections(60);
    assert_eq!(centre.engine.poll_timeout(), None);
}

#[test]
fn what_is_under_way_is_looked_up_twice_a_minute() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 2);
    let talker = centre.caller("1");
    let talk = centre.one_ring();
    centre.talk(&talk, talker);
    centre.caller("2");
    let ring = centre.one_ring();
    let waiting = centre.caller("3");
    let seen = centre.inspections(60);
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].talking, vec![talk.offer]);
    assert_eq!(seen[0].ringing, vec![ring.offer]);
    let waiting = (waiting, "session-3".to_owned());
    assert!(seen[0].waiting.contains(&waiting), "{seen:?}");
    assert_eq!(seen[0].waiting.len(), 2, "the one who talks has left the application");
}

#[test]
fn a_ring_nobody_works_on_ends_at_the_second_look_and_the_member_is_offered_again() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("1");
    let ring = centre.one_ring();
    centre.inspections(31);
    centre.not_found(&[], &[ring.offer]);
    assert_eq!(centre.rings(), vec![]);
    let second = centre.inspections(5);
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].ringing, vec![ring.offer]);
    centre.not_found(&[], &[ring.offer]);
    assert_eq!(centre.warnings(), 1);
    let again = centre.one_ring();
    assert_eq!(again.member_session_uuid, "session-1");
    assert_eq!(centre.engine.repairs().lost_offers, 1);
    let row = centre.engine.agent_row("a").expect("the agent is there");
    assert_eq!((row.no_answer_count, row.state), (0, AgentState::Receiving));
    centre.talk(&again, member);
}

#[test]
fn what_has_gone_on_meanwhile_is_not_ended() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("1");
    let ring = centre.one_ring();
    centre.not_found(&[], &[ring.offer]);
    centre.talk(&ring, member);
    centre.not_found(&[], &[ring.offer]);
    assert_eq!(centre.state("a"), AgentState::InAQueueCall);
    assert_eq!(centre.engine.repairs(), Repairs::default());
}

#[test]
fn a_round_that_finds_it_again_forgets_the_suspicion() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("1");
    let ring = centre.one_ring();
    centre.not_found(&[member], &[ring.offer]);
    centre.inspections(31);
    centre.not_found(&[member], &[ring.offer]);
    assert_eq!(centre.state("a"), AgentState::Receiving);
    assert_eq!(centre.engine.repairs(), Repairs::default());
}

#[test]
fn a_talk_whose_agents_leg_is_gone_frees_the_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("1");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.not_found(&[], &[ring.offer]);
    centre.not_found(&[], &[ring.offer]);
    let actions = centre.actions();
    assert!(actions.contains(&"bridge-agent-end".to_owned()), "{actions:?}");
    assert!(actions.contains(&"member-queue-end".to_owned()), "{actions:?}");
    assert_eq!(centre.state("a"), AgentState::Waiting);
}

#[test]
fn a_bridge_nobody_works_on_gives_member_and_agent_back() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("1");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.not_found(&[], &[ring.offer]);
    centre.not_found(&[], &[ring.offer]);
    centre.pass(1);
    assert_eq!(centre.one_ring().member_session_uuid, "session-1");
}

#[test]
fn a_member_whose_channel_is_gone_leaves() {
    let mut centre = Centre::new("longest-idle-agent");
    let member = centre.caller("1");
    centre.not_found(&[member], &[]);
    assert_eq!(centre.inspections(5)[0].waiting, vec![(member, "session-1".to_owned())]);
    centre.not_found(&[member], &[]);
    assert!(centre.actions().contains(&"member-queue-end".to_owned()));
    assert_eq!(centre.engine.repairs().lost_members, 1);
    centre.not_found(&[member], &[]);
    assert_eq!(centre.engine.repairs().lost_members, 1);
}

#[test]
fn a_phone_that_rings_without_end_is_given_up() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("1");
    let ring = centre.one_ring();
    // Sixty seconds of ringing, ten minutes beyond, a round, and the time a cancel may take.
    centre.pass(60 + 600 + 31 + 11);
    assert_eq!(centre.engine.repairs().endless_offers, 1);
    assert_ne!(centre.one_ring().offer, ring.offer);
}

#[test]
fn the_member_of_a_phone_that_rings_without_end_goes_on_to_the_next_agent_at_once() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.agent("b", 1, 2);
    centre.caller("1");
    assert_eq!(centre.one_ring().agent, "a");
    // The first round after the time to ring and the limit; the end of the ring is not reported yet.
    centre.pass(691);
    assert_eq!(centre.one_ring().agent, "b");
}

#[test]
fn a_bridge_that_does_not_come_about_is_stopped_and_then_given_up() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    centre.caller("1");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.pass(600 + 31);
    assert_eq!(centre.engine.repairs().endless_offers, 1);
    assert_eq!(centre.rings(), vec![]);
    centre.pass(61);
    assert_ne!(centre.one_ring().offer, ring.offer);
}

#[test]
fn many_are_looked_up_a_part_at_a_time_and_each_once_a_round() {
    let mut centre = Centre::new("longest-idle-agent");
    for number in 0..600 {
        centre.caller(&number.to_string());
    }
    let seen = centre.inspections(31);
    assert!(seen.iter().all(|inspection| inspection.waiting.len() <= 250));
    let mut members: Vec<_> = seen.iter().flat_map(|inspection| &inspection.waiting).collect();
    assert_eq!(members.len(), 600);
    members.sort();
    members.dedup();
    assert_eq!(members.len(), 600);
}

//! Everything under one look, and what is counted for it.

use super::*;

/// The midnight before `Centre` begins, which is at 13:46:40.
const MIDNIGHT: i64 = 950_400;

fn everything() -> OverviewRequest {
    OverviewRequest {
        midnight: MIDNIGHT,
        queues: None,
        with_queues: true,
        members: 100,
        leavers: 20,
        with_quarters: true,
        with_histograms: true,
        agents: 100,
        agents_after: None,
        with_tiers: true,
    }
}

impl Centre {
    fn overview(&self) -> Overview {
        self.engine.overview(self.now, &everything())
    }

    fn queue_overview(&self) -> QueueOverview {
        self.overview().queues.remove(0)
    }

    fn agent_overview(&self, name: &str) -> AgentOverview {
        let agents = self.overview().agents.into_iter();
        let mut named = agents.filter(|agent| agent.row.name == name);
        named.next().expect("the agent is there")
    }

    fn doing(&self, name: &str) -> (Doing, i64) {
        let agent = self.agent_overview(name);
        let since = agent.doing_since.expect("a moment");
        (agent.doing, self.now.secs() - since.secs())
    }
}

#[test]
fn a_call_is_seen_from_its_place_in_line_to_the_wrap_up() {
    let mut centre = Centre::new("longest-idle-agent");
    let member = centre.caller_with_score("100", 50);
    centre.caller("101");
    centre.pass(4);
    let queue = centre.queue_overview();
    let first = &queue.members[0];
    assert_eq!((first.number.as_str(), first.place, first.score), ("100", 1, 54));
    assert_eq!((first.state, first.joined.secs()), (MemberState::Waiting, 1_000_000));
    assert_eq!(queue.members[1].place, 2);
    assert_eq!((queue.live.on_hold, queue.live.queued), (2, 2));
    assert_eq!(queue.oldest_joined.map(WallTime::secs), Some(1_000_000));
    centre.agent("a1", 1, 1);
    centre.set(
        "a1",
        AgentSetting::attribute("wrap_up_time", "10")
            .expect("known")
            .expect("sound"),
    );
    let ring = centre.one_ring();
    centre.pass(6);
    assert_eq!(centre.doing("a1"), (Doing::Ringing, 6));
    assert_eq!(centre.queue_overview().agents.ringing, 1);
    centre.talk(&ring, member);
    centre.pass(30);
    assert_eq!(centre.doing("a1"), (Doing::Talking, 30));
    let call = centre.agent_overview("a1").calls.remove(0);
    assert_eq!(
        (call.queue.as_str(), call.number.as_str(), call.stage),
        (QUEUE, "100", "talking")
    );
    assert_eq!(call.bridged.map(WallTime::secs), Some(1_000_010));
    let queue = centre.queue_overview();
    assert_eq!((queue.talking, queue.agents.talking, queue.agents.logged_in), (1, 1, 1));
    centre.hang_up(&ring);
    centre.pass(3);
    assert_eq!(centre.doing("a1"), (Doing::WrapUp, 3));
    let agent = centre.agent_overview("a1");
    assert_eq!(agent.wrap_up_until.map(WallTime::secs), Some(1_000_050));
    assert_eq!(centre.queue_overview().agents.wrap_up, 1);
}

#[test]
fn what_is_counted_outlasts_a_reset_and_ends_at_midnight() {
    let mut centre = Centre::with_queue(QueueConfig {
        max_queue_length: 2,
        ..QueueConfig::named(QUEUE)
    });
    centre.agent("a1", 1, 1);
    let talking = centre.caller("100");
    let ring = centre.one_ring();
    centre.pass(6);
    centre.talk(&ring, talking);
    let gone = centre.caller("101");
    centre.caller("102");
    centre
        .try_tell(Input::MemberJoin(JoinRequest {
            queue: QUEUE.to_owned(),
            ..JoinRequest::default()
        }))
        .expect("a refusal is an answer");
    centre.pass(25);
    centre.leave(gone);
    centre.tell(Input::StatsReset);
    centre.hang_up(&ring);
    let queue = centre.queue_overview();
    let today = queue.today;
    assert_eq!((today.calls, today.answered, today.answered_in_time), (4, 1, 1));
    assert_eq!((today.abandoned(), today.left_in_time, today.refused()), (1, 0, 1));
    assert_eq!((today.wait, today.left_wait), (Span::from_secs(6), Span::from_secs(25)));
    assert_eq!((today.talks, today.talk), (1, Span::from_secs(25)));
    assert_eq!(today, queue.total);
    let histograms = queue.histograms.expect("they were asked for");
    assert_eq!(histograms.answered_waits.counts().get(..3), Some([0, 1, 1].as_slice()));
    assert_eq!(histograms.abandoned_waits.count(), 1);
    assert_eq!(
        (histograms.rings.sum(), histograms.talks.count()),
        (Span::from_secs(6), 1)
    );
    let leaver = &queue.leavers[0];
    assert_eq!((leaver.number.as_str(), leaver.reason), ("101", CancelReason::BreakOut));
    assert_eq!(centre.agent_overview("a1").today, centre.agent_overview("a1").total);
    let tomorrow = OverviewRequest {
        midnight: MIDNIGHT + 86_400,
        ..everything()
    };
    let next = centre.engine.overview(centre.now, &tomorrow).queues.remove(0);
    assert_eq!((next.today, next.total), (Tally::default(), queue.total));
    assert_eq!(next.quarters, Vec::new());
}

#[test]
fn offers_that_fail_are_counted_by_their_reason_and_for_their_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.fail(&ring, HangupCause::USER_BUSY);
    let queue = centre.queue_overview();
    let failed: Vec<_> = queue.total.failures().collect();
    assert_eq!(failed, [(CallResult::Busy, 1)]);
    let agent = centre.agent_overview("a1");
    assert_eq!((agent.total.missed, agent.total.answered), (1, 0));
}

#[test]
fn who_has_a_state_already_has_had_it_since_then() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let since = centre.now.secs();
    centre.pass(60);
    centre.set("a1", AgentSetting::State("Waiting".to_owned()));
    assert_eq!(centre.agent_overview("a1").state_since, None, "it was never told");
    centre.set("a1", AgentSetting::State("Idle".to_owned()));
    centre.pass(5);
    assert_eq!(centre.doing("a1"), (Doing::Idle, 5));
    centre.set("a1", AgentSetting::State("Waiting".to_owned()));
    assert_eq!(centre.doing("a1"), (Doing::Ready, 0));
    let agents = centre.queue_overview().agents;
    assert_eq!((agents.known, agents.logged_in, agents.ready), (1, 1, 1));
    let row = centre.agent_row("a1");
    assert_eq!(row.last_status_change, since);
    centre.status("a1", "Logged Out");
    centre.pass(9);
    assert_eq!(centre.doing("a1"), (Doing::LoggedOut, 9));
    let agents = centre.queue_overview().agents;
    assert_eq!((agents.known, agents.logged_in), (1, 0));
    let mut later = Engine::new(Settings::default(), 1);
    let snapshot = Snapshot {
        agents: vec![AgentRow {
            last_bridge_end: since + 20,
            ..row
        }],
        ..Snapshot::default()
    };
    later
        .handle_input(centre.now, Input::Restore(snapshot))
        .expect("rows are taken up");
    let agent = later.overview(centre.now, &everything()).agents.remove(0);
    assert_eq!(agent.state_since.map(WallTime::secs), Some(since + 20));
}

#[test]
fn agents_come_in_pages_and_queues_by_name() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.tell(Input::LoadQueue(QueueConfig::named("other")));
    for name in ["a1", "a2", "a3"] {
        centre.agent(name, 1, 1);
    }
    let mut request = OverviewRequest {
        agents: 2,
        queues: Some(["other".to_owned(), "nowhere".to_owned()].into()),
        ..everything()
    };
    let first = centre.engine.overview(centre.now, &request);
    let names = |overview: &Overview| -> Vec<String> {
        let agents = overview.agents.iter();
        agents.map(|agent| agent.row.name.clone()).collect()
    };
    assert_eq!(names(&first), ["a1", "a2"]);
    assert_eq!(first.queues.len(), 1);
    request.agents_after = first.agents_next;
    centre.tell(Input::AgentDel { name: "a2".to_owned() });
    let second = centre.engine.overview(centre.now, &request);
    assert_eq!((names(&second), second.agents_next), (vec!["a3".to_owned()], None));
}

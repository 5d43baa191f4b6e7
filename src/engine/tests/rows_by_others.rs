//! Rows that others change in the database.

use super::*;

impl Centre {
    fn agent_by_sql(&mut self, name: &str, change: impl Fn(&mut AgentRow)) {
        let before = self.agent_row(name);
        let mut after = before.clone();
        change(&mut after);
        self.agents_by_sql(vec![ChangeByOthers::Changed { before, after }]);
    }

    fn agents_by_sql(&mut self, agents: Vec<ChangeByOthers<AgentRow>>) {
        self.tell(Input::RowsChanged(ChangesByOthers {
            agents,
            ..ChangesByOthers::default()
        }));
    }

    fn tiers_by_sql(&mut self, tiers: Vec<ChangeByOthers<TierRow>>) {
        self.tell(Input::RowsChanged(ChangesByOthers {
            tiers,
            ..ChangesByOthers::default()
        }));
    }

    fn members_by_sql(&mut self, members: Vec<ChangeByOthers<MemberRow>>) {
        self.tell(Input::RowsChanged(ChangesByOthers {
            members,
            ..ChangesByOthers::default()
        }));
    }

    fn tier_row(&self, agent: &str) -> TierRow {
        let mut rows = self.engine.tier_rows().into_iter();
        rows.find(|row| row.agent == agent).expect("the tier is there")
    }

    fn member_row(&self, name: &str) -> MemberRow {
        let rows = self.engine.member_rows(Some(QUEUE), self.now).into_iter();
        rows.map(|listing| listing.row)
            .find(|row| row.cid_number == name)
            .expect("the member is there")
    }

    /// Takes the changes of rows put out since the last call.
    fn row_changes(&mut self) -> Vec<RowChange> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        outputs
            .filter_map(|output| match output {
                Output::Row(change) => Some(change),
                _ => None,
            })
            .collect()
    }
}

fn available(row: &mut AgentRow) {
    row.status = AgentStatus::Available;
}

#[test]
fn a_status_takes_effect_at_once_and_without_an_event() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.status("a1", "On Break");
    centre.caller("100");
    centre.actions();
    centre.agent_by_sql("a1", |row| {
        available(row);
        row.talk_time = 50;
        row.contact = "user/9".to_owned();
    });
    let ring = centre.one_ring();
    assert_eq!((ring.agent.as_str(), ring.contact.as_str()), ("a1", "user/9"));
    assert_eq!(centre.agent_row("a1").talk_time, 50);
    assert!(!centre.actions().contains(&"agent-status-change".to_owned()));
}

#[test]
fn a_status_that_others_change_is_as_old_as_the_change() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.pass(100);
    centre.agent_by_sql("a1", |row| row.status = AgentStatus::OnBreak);
    assert_eq!(centre.agent_row("a1").last_status_change, centre.now.secs());
    centre.pass(100);
    centre.agent_by_sql("a1", |row| row.contact = "user/9".to_owned());
    assert_eq!(centre.agent_row("a1").last_status_change, centre.now.secs() - 100);
    centre.agent_by_sql("a1", |row| {
        available(row);
        row.last_status_change = 7;
    });
    assert_eq!(centre.agent_row("a1").last_status_change, 7, "whoever says when knows");
}

#[test]
fn a_break_stops_the_ring_and_the_caller_goes_on_to_the_next_agent() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a1");
    centre.agent_by_sql("a1", |row| row.status = AgentStatus::OnBreak);
    assert!(centre
        .outputs
        .iter()
        .any(|output| matches!(output, Output::CancelRing { offer, .. } if *offer == ring.offer)));
    assert_eq!(centre.one_ring().agent, "a2");
}

#[test]
fn what_a_call_decides_stays_the_engines_and_is_written_again() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.actions();
    centre.agent_by_sql("a1", |row| {
        row.state = AgentState::Waiting;
        row.uuid = String::new();
        row.wrap_up_time = 7;
    });
    let row = centre.agent_row("a1");
    assert_eq!(row.state, AgentState::InAQueueCall);
    assert_eq!(row.uuid, "leg-a1");
    assert_eq!(row.wrap_up_time, 7);
    assert!(centre.row_changes().contains(&RowChange::Agent(row)));
    let before = centre.tier_row("a1");
    let after = TierRow {
        state: TierState::Ready,
        ..before.clone()
    };
    centre.tiers_by_sql(vec![ChangeByOthers::Changed { before, after }]);
    assert_eq!(centre.tier_row("a1").state, TierState::ActiveInbound);
}

#[test]
fn where_the_engine_has_gone_on_its_value_is_the_newer_one() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let before = centre.agent_row("a1");
    centre.status("a1", "Logged Out");
    centre.actions();
    let after = AgentRow {
        status: AgentStatus::OnBreak,
        max_no_answer: 3,
        ..before.clone()
    };
    centre.agents_by_sql(vec![ChangeByOthers::Changed { before, after }]);
    let row = centre.agent_row("a1");
    assert_eq!((row.status, row.max_no_answer), (AgentStatus::LoggedOut, 3));
    assert_eq!(centre.row_changes(), [RowChange::Agent(row)]);
}

#[test]
fn an_inserted_agent_with_an_inserted_tier_serves() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.caller("100");
    let mut row = AgentRow::new("new", "single_box", AgentType::parse("callback").expect("a known type"));
    available(&mut row);
    let tier = TierRow {
        queue: QUEUE.to_owned(),
        agent: "new".to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    };
    centre.tell(Input::RowsChanged(ChangesByOthers {
        agents: vec![ChangeByOthers::Added(row)],
        tiers: vec![ChangeByOthers::Added(tier)],
        ..ChangesByOthers::default()
    }));
    assert_eq!(centre.one_ring().agent, "new");
}

#[test]
fn a_deleted_agent_is_gone_and_keeps_its_tiers_for_when_it_is_inserted_again() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let row = centre.agent_row("a1");
    centre.actions();
    centre.agents_by_sql(vec![ChangeByOthers::Gone(row.clone())]);
    assert_eq!(centre.row_changes(), [RowChange::AgentGone("a1".to_owned())]);
    assert!(centre.engine.agent_row("a1").is_none());
    centre.caller("100");
    assert!(centre.rings().is_empty());
    centre.agents_by_sql(vec![ChangeByOthers::Added(row)]);
    assert_eq!(centre.one_ring().agent, "a1");
}

#[test]
fn an_agent_deleted_and_inserted_during_a_call_is_a_new_one_with_a_usable_tier() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a1", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.tell(Input::OfferAnswered {
        offer: ring.offer,
        agent_uuid: "leg".to_owned(),
    });
    let mut row = centre.agent_row("a1");
    centre.agents_by_sql(vec![ChangeByOthers::Gone(row.clone())]);
    row.state = AgentState::Waiting;
    centre.agents_by_sql(vec![ChangeByOthers::Added(row)]);
    centre.tell(Input::OfferBridged { offer: ring.offer });
    assert_eq!(centre.tier_row("a1").state, TierState::Ready);
    centre.leave(member);
    centre.hang_up(&ring);
    centre.caller("101");
    assert_eq!(centre.one_ring().agent, "a1");
}

#[test]
fn a_deleted_tier_is_gone_and_a_changed_one_counts() {
    let mut centre = Centre::new("top-down");
    centre.agent("a1", 1, 1);
    centre.agent("a2", 1, 2);
    let before = centre.tier_row("a1");
    let after = TierRow {
        level: 2,
        position: 5,
        ..before.clone()
    };
    centre.tiers_by_sql(vec![ChangeByOthers::Changed { before, after }]);
    centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a2");
    centre.fail(&ring, HangupCause::USER_BUSY);
    assert_eq!(centre.one_ring().agent, "a1");
    let gone = centre.tier_row("a2");
    centre.tiers_by_sql(vec![ChangeByOthers::Gone(gone)]);
    assert_eq!(centre.engine.tier_count(QUEUE), 1);
}

#[test]
fn a_score_moves_a_waiting_member_ahead() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.caller("100");
    centre.caller("101");
    let before = centre.member_row("101");
    let after = MemberRow {
        base_score: 500,
        cid_name: "not taken over".to_owned(),
        ..before.clone()
    };
    centre.members_by_sql(vec![ChangeByOthers::Changed { before, after }]);
    let row = centre.member_row("101");
    assert_eq!((row.base_score, row.cid_name.as_str()), (500, "Caller 101"));
    assert!(centre.row_changes().contains(&RowChange::Member(row)));
    centre.agent("a1", 1, 1);
    assert_eq!(centre.one_ring().cid_number, "101");
}

#[test]
fn a_caller_whose_row_was_deleted_is_served_and_an_abandoned_place_is_given_up() {
    let mut centre = Centre::with_queue(QueueConfig {
        abandoned_resume_allowed: true,
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    let left = centre.caller("101");
    centre.leave(left);
    let (waiting, abandoned) = (centre.member_row("100"), centre.member_row("101"));
    centre.actions();
    centre.members_by_sql(vec![
        ChangeByOthers::Gone(waiting.clone()),
        ChangeByOthers::Gone(abandoned),
    ]);
    assert!(centre.row_changes().contains(&RowChange::Member(waiting)));
    assert_eq!(centre.member_states(), [MemberState::Waiting]);
    centre.agent("a1", 1, 1);
    assert_eq!(centre.one_ring().cid_number, "100");
}

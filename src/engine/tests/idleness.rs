//! Agents who are idle, and how they become ready again.

use super::*;

fn idle(centre: &mut Centre, status: &str) {
    centre.status("a", status);
    centre.set("a", AgentSetting::State("Idle".to_owned()));
}

#[test]
fn who_becomes_available_waits_again() {
    let resume = || Input::AgentResume { name: "a".to_owned() };
    let ways: [(&str, Input); 5] = [
        ("Available (On Demand)", set_status("Available")),
        ("Logged Out", set_status("Available (On Demand)")),
        ("On Break", resume()),
        ("Available", resume()),
        ("Available (On Demand)", resume()),
    ];
    for (before, way) in ways {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a", 1, 1);
        idle(&mut centre, before);
        centre.caller("100");
        assert!(centre.rings().is_empty());
        centre.tell(way);
        assert_eq!(centre.one_ring().agent, "a", "{before}");
    }
}

#[test]
fn who_stays_as_available_as_before_stays_idle() {
    for (before, after) in [
        ("Available", "Available"),
        ("Available", "Available (On Demand)"),
        ("Available", "On Break"),
    ] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a", 1, 1);
        idle(&mut centre, before);
        centre.caller("100");
        centre.status("a", after);
        assert!(centre.rings().is_empty(), "{before}, {after}");
        assert_eq!(centre.agent_row("a").state, AgentState::Idle);
    }
}

#[test]
fn who_becomes_available_in_a_call_waits_after_it() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    centre.status("a", "On Break");
    centre.status("a", "Available");
    centre.hang_up(&ring);
    assert_eq!(centre.agent_row("a").state, AgentState::Waiting);
}

#[test]
fn a_status_by_sql_ends_idleness_unless_the_state_is_written_with_it() {
    for (state, rings) in [(None, 1), (Some(AgentState::Idle), 0)] {
        let mut centre = Centre::new("longest-idle-agent");
        centre.agent("a", 1, 1);
        centre.status("a", "On Break");
        if state.is_none() {
            centre.set("a", AgentSetting::State("Idle".to_owned()));
        }
        centre.caller("100");
        let before = centre.agent_row("a");
        let mut after = before.clone();
        after.status = AgentStatus::Available;
        after.state = state.unwrap_or(before.state);
        centre.tell(Input::RowsChanged(ChangesByOthers {
            agents: vec![ChangeByOthers::Changed { before, after }],
            ..ChangesByOthers::default()
        }));
        assert_eq!(centre.rings().len(), rings, "{state:?}");
    }
}

fn set_status(status: &str) -> Input {
    Input::AgentSet {
        name: "a".to_owned(),
        setting: AgentSetting::Status(status.to_owned()),
    }
}

#[test]
fn who_resumes_in_a_call_waits_after_it_and_who_is_logged_out_stays_so() {
    let mut centre = Centre::new("longest-idle-agent");
    centre.agent("a", 1, 1);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    centre.tell(Input::AgentResume { name: "a".to_owned() });
    centre.hang_up(&ring);
    assert_eq!(centre.agent_row("a").state, AgentState::Waiting);
    centre.set("a", AgentSetting::State("Idle".to_owned()));
    centre.status("a", "Logged Out");
    centre.tell(Input::AgentResume { name: "a".to_owned() });
    let row = centre.agent_row("a");
    assert_eq!((row.status, row.state), (AgentStatus::LoggedOut, AgentState::Idle));
}

//! Who talked to whom is remembered: `sticky-days`, `sticky-key`.

use super::*;

#[test]
fn the_agent_who_talked_last_is_preferred_for_so_many_days() {
    let mut centre = two_agents(remembering());
    let member = centre.caller_of("100", "a2");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    let known = |output: &Output| match output {
        Output::Row(RowChange::Caller(row)) => Some((row.caller.clone(), row.agent.clone())),
        _ => None,
    };
    let rows: Vec<_> = centre.outputs.iter().filter_map(known).collect();
    assert_eq!(rows, [("100".to_owned(), "a2".to_owned())]);
    centre.hang_up(&ring);
    centre.pass(29 * 86_400);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a2");
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.pass(29 * 86_400);
    centre.caller("100");
    assert_eq!(centre.rung(), [pair("100", "a2")], "each talk counts anew");
}

#[test]
fn a_talk_too_long_ago_is_forgotten() {
    let mut centre = two_agents(remembering());
    let member = centre.caller_of("100", "a2");
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.pass(31 * 86_400);
    let member = centre.caller("100");
    let ring = centre.one_ring();
    assert_eq!(ring.agent, "a1");
    centre.outputs.clear();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.set_sticky_days(0);
    let gone =
        |output: &&Output| matches!(output, Output::Row(RowChange::CallerGone { caller, .. }) if caller == "100");
    assert_eq!(centre.outputs.iter().filter(gone).count(), 1);
}

impl Centre {
    fn set_sticky_days(&mut self, days: u32) {
        let config = QueueConfig {
            sticky_days: days,
            ..remembering()
        };
        self.tell(Input::LoadQueue(config));
    }
}

#[test]
fn the_key_is_what_the_channel_says_and_nobody_is_known_by_a_withheld_number() {
    let mut centre = two_agents(remembering());
    let by_key = |name: &str, number: &str, key: Option<&str>| JoinRequest {
        cid_number: number.to_owned(),
        caller_key: key.map(str::to_owned),
        ..wants(name, "")
    };
    let first = JoinRequest {
        preferred: PreferredAgents::one("a2"),
        ..by_key("1", "100", Some("customer 7"))
    };
    let member = centre.joins(first);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.joins(by_key("2", "anonymous", Some("customer 7")));
    assert_eq!(centre.rung(), [pair("2", "a2")]);
    let mut centre = two_agents(remembering());
    let first = JoinRequest {
        preferred: PreferredAgents::one("a2"),
        ..by_key("1", "anonymous", None)
    };
    let member = centre.joins(first);
    let ring = centre.one_ring();
    centre.talk(&ring, member);
    centre.hang_up(&ring);
    centre.joins(by_key("2", "anonymous", None));
    assert_eq!(centre.rung(), [pair("2", "a1")]);
}

#[test]
fn what_is_remembered_outlasts_a_restart() {
    let mut centre = Centre::with_queue(remembering());
    centre.tell(Input::Restore(Snapshot {
        callers: vec![CallerRow {
            queue: QUEUE.to_owned(),
            caller: "100".to_owned(),
            agent: "a2".to_owned(),
            last_talk_epoch: centre.engine.wall(centre.now).secs(),
        }],
        ..Snapshot::default()
    }));
    centre.agent("a1", 1, 1);
    centre.pass(1);
    centre.agent("a2", 1, 2);
    centre.caller("100");
    assert_eq!(centre.rung(), [pair("100", "a2")]);
}

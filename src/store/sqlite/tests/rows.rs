//! Rows of every kind: written, loaded again, and written as little as can be.

use super::*;

/// Rows of every kind, among them some of an agent whom there is not.
fn rows_of_every_kind() -> Vec<RowChange> {
    vec![
        RowChange::Agent(agent("a1")),
        RowChange::Agent(agent("a2")),
        RowChange::Tier(tier("q", "a1")),
        RowChange::Member(member("m1")),
        RowChange::Member(member("m2")),
        RowChange::Agent(on_break()),
        RowChange::MemberGone("m1".to_owned()),
        configured("a2", "status", Some("On Break")),
        configured("a2", "contact", Some("user/2")),
        RowChange::AgentLimits {
            agent: "a1".to_owned(),
            limits: limits(),
        },
        RowChange::AgentLimits {
            agent: "a2".to_owned(),
            limits: limits(),
        },
        RowChange::AgentLimits {
            agent: "a9".to_owned(),
            limits: limits(),
        },
        configured("a9", "status", Some("On Break")),
        RowChange::AgentSkills {
            agent: "a2".to_owned(),
            skills: skills("german=5,billing"),
        },
        RowChange::AgentSkills {
            agent: "a9".to_owned(),
            skills: skills("german"),
        },
        paused("a1", None),
        paused("a2", None),
        paused("a2", Some("q")),
        paused("a2", Some("r")),
        paused("a9", Some("q")),
        configured_tier("q", "a1"),
        configured_tier("q", "a2"),
        configured_tier("q", "a9"),
        talked("100", "a1", 10),
        talked("101", "a1", 20),
    ]
}

/// What takes some of them back, in every way there is.
fn some_of_them_taken_back() -> Vec<RowChange> {
    vec![
        RowChange::AgentGone("a1".to_owned()),
        configured("a2", "contact", None),
        RowChange::AgentLimitsGone("a1".to_owned()),
        RowChange::Agent(on_break()),
        RowChange::Pause {
            agent: "a2".to_owned(),
            queue: Some("r".to_owned()),
            pause: None,
        },
        RowChange::ConfiguredTierGone {
            queue: "q".to_owned(),
            agent: "a2".to_owned(),
        },
        talked("100", "a2", 30),
        RowChange::CallerGone {
            queue: "q".to_owned(),
            caller: "101".to_owned(),
        },
        RowChange::Callback(Box::new(callback("c1"))),
        RowChange::Callback(Box::new(callback("c2"))),
        RowChange::CallbackGone("c1".to_owned()),
    ]
}

fn what_is_left_of_them() -> Snapshot {
    Snapshot {
        agents: vec![on_break()],
        tiers: vec![tier("q", "a1")],
        members: vec![member("m2")],
        queues: Vec::new(),
        configured: vec![("a2".to_owned(), "status".to_owned(), "On Break".to_owned())],
        skills: vec![("a2".to_owned(), skills("billing,german=5"))],
        configured_tiers: vec![("q".to_owned(), "a1".to_owned())],
        agent_limits: vec![("a2".to_owned(), limits())],
        pauses: vec![
            ("a2".to_owned(), None, pause()),
            ("a2".to_owned(), Some("q".to_owned()), pause()),
        ],
        callers: vec![caller("100", "a2", 30)],
        callbacks: vec![callback("c2")],
    }
}

#[test]
fn what_is_applied_is_loaded_again() {
    let place = Place::new();
    let (mut store, empty) = place.loaded();
    assert_eq!(empty, Snapshot::default());
    store.apply(&rows_of_every_kind()).expect("a transaction");
    store.apply(&some_of_them_taken_back()).expect("another");
    drop(store);
    assert!(
        !place.directory.path().join("callcenter.db-wal").exists(),
        "a clean close leaves one file"
    );
    let (_, snapshot) = place.loaded();
    assert_eq!(snapshot, what_is_left_of_them());
}

#[test]
fn a_file_of_stocks_is_taken_over_and_its_nulls_read_as_empty() {
    let place = Place::new();
    let other = place.other();
    schema::prepare(&mut InFile(&other), crate::store::Layout::STOCKS).expect("stock's tables");
    other
        .execute_batch(
            "INSERT INTO agents (name, instance_id, type, status, state) VALUES('1001', 'single_box', 'Callback', 'On Break', 'Waiting');
             INSERT INTO agents (name, type, status, state) VALUES('1002', 'phone', 'Lunch', 'Dreaming');
             INSERT INTO agents (name) VALUES(NULL);
             INSERT INTO agents (name, type, status, state) VALUES('1001', 'uuid-standby', 'Available', 'Idle');
             INSERT INTO tiers (queue, agent, state, level, position) VALUES('q', '1001', 'Standby', '2', '3');
             INSERT INTO members (queue, uuid, cid_name, state) VALUES('q', 'm1', NULL, 'Gone');",
        )
        .expect("rows");
    drop(other);
    let (mut store, snapshot) = place.loaded();
    let named: Vec<_> = snapshot
        .agents
        .iter()
        .map(|row| (row.name.as_str(), row.agent_type.as_str(), row.status, row.state))
        .collect();
    let expected = [
        ("1001", "Callback", AgentStatus::OnBreak, AgentState::Waiting),
        ("1002", "callback", AgentStatus::LoggedOut, AgentState::Waiting),
    ];
    assert_eq!(named, expected);
    assert_eq!(
        snapshot
            .tiers
            .iter()
            .map(|row| (row.level, row.position))
            .collect::<Vec<_>>(),
        [(2, 3)]
    );
    assert_eq!(
        snapshot.members.iter().map(|row| row.state).collect::<Vec<_>>(),
        [MemberState::Waiting]
    );
    let remarks = store.take_remarks().join("\n");
    for words in [
        "\"phone\"",
        "\"Lunch\"",
        "\"Dreaming\"",
        "has no name",
        "there twice",
        "\"Gone\"",
    ] {
        assert!(remarks.contains(words), "{words} in {remarks}");
    }
    assert!(store.take_remarks().is_empty());
    // A row whose words were not known is written whole the next time, even when nothing else has changed.
    let odd = snapshot.agents.get(1).cloned().expect("the second agent");
    store.apply(&[RowChange::Agent(odd)]).expect("a transaction");
    let status: String = place
        .other()
        .query_row("SELECT status FROM agents WHERE name = '1002'", [], |row| row.get(0))
        .expect("the row");
    assert_eq!(status, "Logged Out");
}

#[test]
fn only_columns_that_differ_are_written() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    store.apply(&[RowChange::Agent(agent("a1"))]).expect("a transaction");
    place
        .other()
        .execute("UPDATE agents SET contact = 'user/9'", [])
        .expect("another program's change");
    let mut available = agent("a1");
    available.status = AgentStatus::Available;
    store
        .apply(&[RowChange::Agent(available.clone())])
        .expect("a transaction");
    let kept: (String, String) = place
        .other()
        .query_row("SELECT contact, status FROM agents", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("the row");
    assert_eq!(kept, ("user/9".to_owned(), "Available".to_owned()));
}

#[test]
fn rows_that_others_deleted_moved_or_added_are_written_once() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    store
        .apply(&[
            RowChange::Agent(agent("a1")),
            RowChange::Agent(agent("a2")),
            RowChange::Member(member("m1")),
        ])
        .expect("rows");
    place
        .other()
        .execute_batch(
            "DELETE FROM agents WHERE name = 'a1'; DELETE FROM members; UPDATE agents SET rowid = 77;
             INSERT INTO agents (name) VALUES ('a3');",
        )
        .expect("another program's changes");
    // The row that is gone stays gone, except a member's: its caller is there all the same.
    for _ in 0..2 {
        let mut changes = Vec::new();
        for name in ["a1", "a2", "a3"] {
            let mut row = agent(name);
            row.calls_answered = 5;
            changes.push(RowChange::Agent(row));
        }
        let mut talking = member("m1");
        talking.state = MemberState::Answered;
        changes.push(RowChange::Member(talking));
        store.apply(&changes).expect("a transaction");
    }
    let (_, snapshot) = place.loaded();
    let mut names: Vec<_> = snapshot
        .agents
        .iter()
        .map(|row| (row.name.as_str(), row.calls_answered))
        .collect();
    names.sort_unstable();
    assert_eq!(names, [("a2", 5), ("a3", 5)]);
    assert_eq!(snapshot.members.len(), 1);
    let rows: i64 = place
        .other()
        .query_row("SELECT count(*) FROM agents", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(rows, 2);
}

#[test]
fn many_members_do_not_make_a_change_slow() {
    let place = Place::new();
    let (mut store, _) = place.loaded();
    let changes: Vec<_> = (0..20_000)
        .map(|number| RowChange::Member(member(&format!("m{number}"))))
        .collect();
    store.apply(&changes).expect("rows");
    // A search would walk all rows for each of these: hundreds of millions of steps.
    let changes: Vec<_> = (0..20_000)
        .map(|number| {
            let mut row = member(&format!("m{number}"));
            row.state = MemberState::Trying;
            RowChange::Member(row)
        })
        .collect();
    let began = std::time::Instant::now();
    store.apply(&changes).expect("changes");
    let gone: Vec<_> = (0..20_000)
        .map(|number| RowChange::MemberGone(format!("m{number}")))
        .collect();
    store.apply(&gone).expect("deletions");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

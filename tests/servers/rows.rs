//! Rows written, read again, and changed by others.

use std::sync::Arc;

use mod_callcenter::engine::{
    AgentLimits, AgentRow, AgentStatus, CallbackRow, CallerRow, ChangeByOthers, ChangesByOthers, MemberRow, Pause,
    QueueConfig, RowChange, Skills, Snapshot, TierRow,
};
use mod_callcenter::store::{ServerStore, Store, TakeUp};

use crate::client::Client;
use crate::{agent, member, on_each, open, store, tier, ALL};
use callcenter_test_support::private::Kind;

/// Four rows, which are known to be there.
fn some_rows() -> [RowChange; 4] {
    [
        RowChange::Agent(agent("a1")),
        RowChange::Agent(agent("a2")),
        RowChange::Tier(tier("q", "a1")),
        RowChange::Member(member("m1")),
    ]
}

/// Limits that are not the default.
fn limits() -> AgentLimits {
    AgentLimits {
        max_busy: 3,
        busy_count: 1,
        ..AgentLimits::default()
    }
}

fn configured(agent: &str) -> RowChange {
    RowChange::Configured {
        agent: agent.to_owned(),
        setting: "status".to_owned(),
        value: Some("On Break".to_owned()),
    }
}

fn lunch() -> Pause {
    Pause {
        reason: "déjeuner".to_owned(),
        since: 1_700_000_000,
    }
}

fn paused(agent: &str, queue: Option<&str>, pause: Option<Pause>) -> RowChange {
    RowChange::Pause {
        agent: agent.to_owned(),
        queue: queue.map(str::to_owned),
        pause,
    }
}

fn looked(store: &mut ServerStore) -> ChangesByOthers {
    store.changes_of_others().expect("a look")
}

/// Somebody who is to be called back, after so many attempts.
fn callback(uuid: &str, attempts: i64) -> CallbackRow {
    CallbackRow {
        uuid: uuid.to_owned(),
        queue: "q".to_owned(),
        number: "+491701234567".to_owned(),
        name: "O'Hara".to_owned(),
        state: "pending".to_owned(),
        attempts,
        expires_epoch: 4_000_000_000,
        base_score: -7,
        required_skills: "german>=5".to_owned(),
        param: "a\\b ${x}".to_owned(),
        ..CallbackRow::default()
    }
}

fn called_back(uuid: &str, attempts: i64) -> RowChange {
    RowChange::Callback(Box::new(callback(uuid, attempts)))
}

fn caller(caller: &str, agent: &str, at: i64) -> CallerRow {
    CallerRow {
        queue: "q".to_owned(),
        caller: caller.to_owned(),
        agent: agent.to_owned(),
        last_talk_epoch: at,
    }
}

fn talked(with: &str, agent: &str, at: i64) -> RowChange {
    RowChange::Caller(caller(with, agent, at))
}

/// Two FreeSWITCHes whose agents talk to the same caller by turns: the last talk is what stands.
#[test]
fn instances_write_the_same_caller_by_turns() {
    on_each("callers", |server, database| {
        let of = |instance: &str| {
            let client = Box::new(Client::of(server, database, &[]));
            ServerStore::open_or_go_without(client, instance, ALL)
        };
        let mut instances = [of("first").store, of("second").store];
        for (instance, agent, at) in [(0, "a1", 10), (1, "b1", 20), (0, "a1", 30), (1, "b1", 40)] {
            let store = &mut instances[instance];
            store.apply(&[talked("100", agent, at)]).expect("a transaction");
            assert_eq!(of("third").snapshot.callers, [caller("100", agent, at)]);
        }
    });
}

#[test]
fn what_is_applied_is_loaded_again() {
    on_each("applied", |server, database| {
        let mut first = store(server, database);
        let on_break = AgentRow {
            status: AgentStatus::OnBreak,
            ..agent("a2")
        };
        first
            .apply(&[
                RowChange::Agent(agent("a1")),
                RowChange::Agent(agent("a2")),
                RowChange::Tier(tier("q", "a1")),
                RowChange::Member(member("m1")),
                RowChange::Member(member("m2")),
                RowChange::Agent(on_break.clone()),
                RowChange::MemberGone("m1".to_owned()),
                configured("a2"),
                RowChange::AgentSkills {
                    agent: "a2".to_owned(),
                    skills: Skills::parse("german=5,o'clock\\").expect("skills"),
                },
                RowChange::AgentSkills {
                    agent: "a9".to_owned(),
                    skills: Skills::default(),
                },
                RowChange::ConfiguredTier {
                    queue: "q".to_owned(),
                    agent: "a1".to_owned(),
                },
                paused("a2", None, Some(lunch())),
                paused("a2", Some("q"), Some(lunch())),
                paused("a2", Some("r"), Some(lunch())),
                paused("a9", Some("q"), Some(lunch())),
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
                configured("a9"),
                talked("100", "a1", 10),
                talked("alice", "a2", 20),
                talked("ALICE", "a1", 30),
                talked("o'clock\\ ${x}", "a1", 4_000_000_000),
                talked("gone", "a1", 50),
            ])
            .expect("a transaction");
        first
            .apply(&[
                RowChange::AgentGone("a1".to_owned()),
                RowChange::AgentLimitsGone("a1".to_owned()),
                RowChange::Agent(on_break.clone()),
                paused("a2", Some("r"), None),
                talked("100", "a2", 60),
                RowChange::CallerGone {
                    queue: "q".to_owned(),
                    caller: "gone".to_owned(),
                },
                called_back("c1", 1),
                called_back("c2", 0),
                called_back("c1", 2),
                RowChange::CallbackGone("c2".to_owned()),
            ])
            .expect("another");
        let expected = Snapshot {
            agents: vec![on_break],
            tiers: vec![tier("q", "a1")],
            members: vec![member("m2")],
            queues: Vec::new(),
            configured: vec![("a2".to_owned(), "status".to_owned(), "On Break".to_owned())],
            skills: vec![("a2".to_owned(), Skills::parse("german=5,o'clock\\").expect("skills"))],
            configured_tiers: vec![("q".to_owned(), "a1".to_owned())],
            agent_limits: vec![("a2".to_owned(), limits())],
            pauses: vec![
                ("a2".to_owned(), None, lunch()),
                ("a2".to_owned(), Some("q".to_owned()), lunch()),
            ],
            callers: vec![
                caller("100", "a2", 60),
                caller("ALICE", "a1", 30),
                caller("alice", "a2", 20),
                caller("o'clock\\ ${x}", "a1", 4_000_000_000),
            ],
            callbacks: vec![callback("c1", 2)],
        };
        let mut found = open(Client::of(server, database, &[])).snapshot;
        found.callers.sort_by(|a, b| a.caller.cmp(&b.caller));
        found.pauses.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        assert_eq!(found, expected);
    });
}

#[test]
fn agents_whose_names_differ_in_case_are_two() {
    on_each("cases", |server, database| {
        let mut first = store(server, database);
        let upper = AgentRow {
            wrap_up_time: 5,
            ..agent("BOB")
        };
        let both = [RowChange::Agent(agent("bob")), RowChange::Agent(upper)];
        first.apply(&both).expect("two agents");
        first
            .apply(&[RowChange::AgentGone("bob".to_owned())])
            .expect("one of them");
        let left = open(Client::of(server, database, &[])).snapshot.agents;
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].name.as_str(), left[0].wrap_up_time), ("BOB", 5));
    });
}

#[test]
fn rows_changed_added_and_deleted_by_others_are_told_once() {
    on_each("others", |server, database| {
        let mut ours = store(server, database);
        ours.apply(&some_rows()).expect("rows");
        assert!(looked(&mut ours).is_empty(), "these are our own");
        server.administer(
            database,
            "UPDATE agents SET status = 'On Break' WHERE name = 'a1'; DELETE FROM agents WHERE name = 'a2'; \
             INSERT INTO agents (name, instance_id, type, status, state) \
               VALUES('a3', 'single_box', 'callback', 'Logged Out', 'Waiting'); \
             UPDATE tiers SET level = 3; UPDATE members SET base_score = 99;",
        );
        let mut changes = looked(&mut ours);
        changes.agents.sort_by_key(|change| format!("{change:?}"));
        let on_break = AgentRow {
            status: AgentStatus::OnBreak,
            ..agent("a1")
        };
        assert_eq!(
            changes.agents,
            [
                ChangeByOthers::Added(agent("a3")),
                ChangeByOthers::Changed {
                    before: agent("a1"),
                    after: on_break
                },
                ChangeByOthers::Gone(agent("a2")),
            ]
        );
        let moved = TierRow {
            level: 3,
            ..tier("q", "a1")
        };
        assert_eq!(
            changes.tiers,
            [ChangeByOthers::Changed {
                before: tier("q", "a1"),
                after: moved
            }]
        );
        let scored = MemberRow {
            base_score: 99,
            ..member("m1")
        };
        assert_eq!(
            changes.members,
            [ChangeByOthers::Changed {
                before: member("m1"),
                after: scored
            }]
        );
        assert!(looked(&mut ours).is_empty());
        assert_eq!(ours.take_remarks(), Vec::<String>::new());
    });
}

#[test]
fn a_write_leaves_alone_what_others_have_changed_or_deleted() {
    on_each("beside", |server, database| {
        let mut ours = store(server, database);
        ours.apply(&some_rows()).expect("rows");
        server.administer(
            database,
            "UPDATE agents SET contact = 'theirs' WHERE name = 'a1'; DELETE FROM agents WHERE name = 'a2';",
        );
        let answered = |name: &str| {
            RowChange::Agent(AgentRow {
                calls_answered: 7,
                ..agent(name)
            })
        };
        ours.apply(&[answered("a1"), answered("a2")])
            .expect("progress of calls");
        let agents = open(Client::of(server, database, &[])).snapshot.agents;
        let expected = AgentRow {
            contact: "theirs".to_owned(),
            calls_answered: 7,
            ..agent("a1")
        };
        assert_eq!(agents, [expected]);
    });
}

/// PostgreSQL says whether anybody has written at all; then three tables need not be read every second.
#[test]
fn where_nobody_else_writes_a_look_is_one_question() {
    // A server of its own: in a shared one others do write.
    let Some(server) =
        callcenter_test_support::private::PrivateServer::start(Kind::Postgres, &["-c", "autovacuum=off"])
    else {
        return;
    };
    let client = Client::of(&server, "postgres", &[]);
    let log = Arc::clone(&client.log);
    let mut ours = open(client).store;
    ours.apply(&some_rows()).expect("rows");
    log.lock().expect("the log").clear();
    assert!(looked(&mut ours).is_empty());
    assert_eq!(log.lock().expect("the log").len(), 1, "{log:?}");
    server.administer("postgres", "UPDATE tiers SET level = 3");
    assert_eq!(looked(&mut ours).tiers.len(), 1);
    log.lock().expect("the log").clear();
    assert!(looked(&mut ours).is_empty());
    assert_eq!(log.lock().expect("the log").len(), 1, "{log:?}");
}

#[test]
fn what_does_not_fit_is_fitted_in() {
    on_each("fitting", |server, database| {
        let mut ours = store(server, database);
        let long = MemberRow {
            cid_name: "é".repeat(300),
            base_score: i64::MAX,
            ..member("m1")
        };
        ours.apply(&[RowChange::Member(long)]).expect("a row");
        let members = open(Client::of(server, database, &[])).snapshot.members;
        let expected = MemberRow {
            cid_name: "é".repeat(255),
            base_score: i64::from(i32::MAX),
            ..member("m1")
        };
        assert_eq!(members, [expected]);
    });
}

#[test]
fn queues_are_kept_and_changed_by_others() {
    on_each("kept_queues", |server, database| {
        let with_queues = || {
            let connector = Box::new(Client::of(server, database, &[]));
            let take_up = TakeUp { queues: true, ..ALL };
            let opened = ServerStore::open_or_go_without(connector, "single_box", take_up);
            assert!(opened.trouble.is_none(), "{:?}", opened.trouble);
            opened
        };
        let queue = QueueConfig {
            moh_sound: Some("a\\' or 1=1; --".to_owned()),
            max_wait_time: 7,
            tier_rules_apply: true,
            ..QueueConfig::named("q")
        };
        let mut ours = with_queues().store;
        ours.apply(&[RowChange::Queue(Box::new(queue.clone()))])
            .expect("a queue");
        assert!(looked(&mut ours).is_empty(), "it is our own");
        server.administer(
            database,
            "UPDATE queues SET max_wait_time = 8; INSERT INTO queues (name, strategy) VALUES ('p', 'random')",
        );
        let mut changes = looked(&mut ours).queues;
        changes.sort_by_key(|change| format!("{change:?}"));
        let after = QueueConfig {
            max_wait_time: 8,
            ..queue.clone()
        };
        let added = QueueConfig {
            strategy: "random".to_owned(),
            ..QueueConfig::named("p")
        };
        let expected = [
            ChangeByOthers::Added(added.clone()),
            ChangeByOthers::Changed { before: queue, after },
        ];
        assert_eq!(changes, expected);
        ours.apply(&[RowChange::QueueGone("q".to_owned())]).expect("a deletion");
        assert_eq!(with_queues().snapshot.queues, [added]);
    });
}

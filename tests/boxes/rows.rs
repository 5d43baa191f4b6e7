//! The call centre's own rows, through the connection of a leader.

use crate::{addresses, box_id, server};
use mod_callcenter::cluster::link::{CallCentre, Speaker};
use mod_callcenter::cluster::{Answer, Batch, BoxId, Incarnation, Lane, Restored, Statement, Term};
use mod_callcenter::engine::{
    AgentRow, AgentStatus, AgentType, CallRecord, CallResult, ChangeByOthers, ChangesByOthers, Media, RecordKind,
    RowChange, Snapshot, TierRow, TierState,
};
use mod_callcenter::store::{ServerRows, TakeUp};
use std::time::{SystemTime, UNIX_EPOCH};

type Leader = Speaker<CallCentre, ServerRows>;

fn say(leader: &mut Leader, statement: &Statement<CallCentre>) -> Answer<CallCentre> {
    let answer = leader.say(statement);
    answer.unwrap_or_else(|_| panic!("{statement:?}: {:?}", leader.trouble()))
}

/// A box that was elected and has read the rows, and its term.
fn lead(port: u16, database: &str, me: &BoxId, number: u64) -> (Leader, Term, Snapshot) {
    let rows = ServerRows::unread(TakeUp::ALL);
    let mut leader = Leader::new(addresses(&[port], database), me.clone(), Lane::Writer, rows).expect("a lane");
    let look = Statement::Look {
        id: me.clone(),
        leads: None,
    };
    // On a busy machine a connection may take longer than a second.
    let view = (0..20).find_map(|_| match leader.say(&look) {
        Ok(Answer::View(view)) => Some(view),
        _ => None,
    });
    let view = view.expect("a view");
    let join = Statement::Join {
        id: me.clone(),
        instead_of: None,
    };
    let term = Term {
        server: view.server,
        timeline: view.timeline,
        number,
        incarnation: me.incarnation,
    };
    let elect = Statement::Elect {
        term,
        id: me.clone(),
        seen: view.lease.clone(),
    };
    assert!(matches!(say(&mut leader, &join), Answer::Done));
    assert!(matches!(say(&mut leader, &elect), Answer::Done));
    match say(&mut leader, &Statement::Restore { term }) {
        Answer::Restored(Restored {
            rows: snapshot, wall, ..
        }) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
            let off = wall.secs() - i64::try_from(now.as_secs()).expect("seconds");
            assert!(
                off.abs() < 60,
                "the server's clock is the one of this machine: {off} s off"
            );
            (leader, term, snapshot)
        }
        other => panic!("{other:?}"),
    }
}

fn agent(name: &str) -> AgentRow {
    AgentRow::new(name, "box1", AgentType::parse("callback").expect("a known type"))
}

fn tier(agent: &str) -> TierRow {
    TierRow {
        queue: "q".to_owned(),
        agent: agent.to_owned(),
        state: TierState::Ready,
        level: 1,
        position: 1,
    }
}

fn record(uuid: &str) -> CallRecord {
    CallRecord {
        uuid: uuid.to_owned(),
        instance_id: "box1".to_owned(),
        kind: RecordKind::Member,
        result: CallResult::Answered,
        cause: "NORMAL_CLEARING".to_owned(),
        queue: "q".to_owned(),
        agent: "a1".to_owned(),
        agent_uuid: String::new(),
        member_uuid: uuid.to_owned(),
        session_uuid: String::new(),
        caller_number: "100".to_owned(),
        caller_name: "Müller".to_owned(),
        dnis: String::new(),
        received: 1,
        ended: 2,
        wait_ms: 3,
        pickup_ms: 4,
        talk_ms: 5,
        offers: 1,
        rejections: 0,
        media: Media::Audio,
    }
}

fn batch(term: Term, number: u64, rows: Vec<RowChange>) -> Statement<CallCentre> {
    Statement::Write(Batch {
        term,
        number,
        rows,
        facts: Vec::new(),
        cursors: vec![(box_id("box1", 1), number)],
        outputs: Vec::new(),
        beat: None,
    })
}

#[test]
fn a_leader_writes_rows_that_the_next_one_reads() {
    let Some(server) = server("leaders_rows") else { return };
    let (mut first, term, nothing) = lead(server.port, "leaders_rows", &box_id("box1", 1), 1);
    assert_eq!(nothing, Snapshot::default());
    let named = AgentRow {
        contact: "user/Jürgen's \\ phone".to_owned(),
        ..agent("Jürgen's")
    };
    let changes = vec![RowChange::Agent(named.clone()), RowChange::Tier(tier("Jürgen's"))];
    assert!(matches!(say(&mut first, &batch(term, 1, changes)), Answer::Written(1)));
    let told = || RowChange::CallRecord(Box::new(record("m1")));
    let gone = vec![
        RowChange::Agent(agent("a2")),
        RowChange::AgentGone("a2".to_owned()),
        told(),
        told(),
    ];
    assert!(matches!(say(&mut first, &batch(term, 2, gone)), Answer::Written(2)));
    let records = server.administer("leaders_rows", "SELECT uuid, caller_name FROM cdrs");
    assert_eq!(records.trim(), "m1\u{1f}Müller", "a record is there once");
    let (_, _, rows) = lead(server.port, "leaders_rows", &box_id("box2", 2), 2);
    assert_eq!(rows.agents, [named]);
    assert_eq!(rows.tiers, [tier("Jürgen's")]);
    let late = batch(term, 3, vec![RowChange::AgentGone("Jürgen's".to_owned())]);
    assert!(
        matches!(say(&mut first, &late), Answer::Refused),
        "another one was elected"
    );
}

/// A server that has crashed and comes back without its last commits gets them again, though the leader has seen them committed.
#[test]
fn what_the_server_has_lost_is_written_again() {
    let Some(server) = server("lost_rows") else { return };
    let (mut leader, term, _) = lead(server.port, "lost_rows", &box_id("box1", 1), 1);
    let changes = |name: &str| vec![RowChange::Agent(agent(name))];
    assert!(matches!(
        say(&mut leader, &batch(term, 1, changes("a1"))),
        Answer::Written(1)
    ));
    assert!(matches!(
        say(&mut leader, &batch(term, 2, changes("a2"))),
        Answer::Written(2)
    ));
    server.administer("lost_rows", "DELETE FROM agents; UPDATE cluster_journal SET batch = 0");
    assert!(matches!(
        say(&mut leader, &batch(term, 3, changes("a3"))),
        Answer::Written(0)
    ));
    for (number, name) in [(1, "a1"), (2, "a2"), (3, "a3")] {
        let answer = say(&mut leader, &batch(term, number, changes(name)));
        assert!(
            matches!(answer, Answer::Written(written) if written == number),
            "{answer:?}"
        );
    }
    let names = server.administer("lost_rows", "SELECT string_agg(name, ' ' ORDER BY name) FROM agents");
    assert_eq!(names.trim(), "a1 a2 a3");
}

/// A batch whose answer was lost is not written twice.
#[test]
fn a_batch_that_is_there_is_said_to_be_there() {
    let Some(server) = server("same_batch") else { return };
    let (mut leader, term, _) = lead(server.port, "same_batch", &box_id("box1", 1), 1);
    let same = batch(term, 1, vec![RowChange::Agent(agent("a1"))]);
    assert!(matches!(say(&mut leader, &same), Answer::Written(1)));
    assert!(matches!(say(&mut leader, &same), Answer::Written(1)));
    let elsewhere = Term {
        incarnation: Incarnation(9),
        ..term
    };
    assert!(matches!(
        say(&mut leader, &batch(elsewhere, 2, Vec::new())),
        Answer::Refused
    ));
}

fn others(leader: &mut Leader, term: Term) -> Option<ChangesByOthers> {
    match say(leader, &Statement::LookForOthers { term }) {
        Answer::Others(others) => others,
        other => panic!("{other:?}"),
    }
}

/// What is not in a batch of the leader is a change by others; each is told once.
#[test]
fn what_programs_of_the_site_change_is_told_once() {
    let Some(server) = server("others_rows") else { return };
    let (mut leader, term, _) = lead(server.port, "others_rows", &box_id("box1", 1), 1);
    let agents = ["a1", "a2"].map(|name| RowChange::Agent(agent(name)));
    assert!(matches!(
        say(&mut leader, &batch(term, 1, agents.to_vec())),
        Answer::Written(1)
    ));
    assert_eq!(others(&mut leader, term), None, "these are its own");
    server.administer(
        "others_rows",
        "UPDATE agents SET status = 'Available' WHERE name = 'a1'; DELETE FROM agents WHERE name = 'a2'",
    );
    let told = others(&mut leader, term).expect("changes");
    let after = AgentRow {
        status: AgentStatus::Available,
        ..agent("a1")
    };
    let before = agent("a1");
    let expected = [
        ChangeByOthers::Changed { before, after },
        ChangeByOthers::Gone(agent("a2")),
    ];
    assert_eq!(told.agents, expected);
    assert_eq!(others(&mut leader, term), None);
    let _ = lead(server.port, "others_rows", &box_id("box2", 2), 2);
    let late = say(&mut leader, &Statement::LookForOthers { term });
    assert!(matches!(late, Answer::Refused), "another one was elected");
}

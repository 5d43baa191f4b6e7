//! What a box looks at before it takes part: the way to the server, and the releases of the others.

use crate::{addresses, box_id, proxy, server};
use callcenter_test_support::private::PrivateServer;
use mod_callcenter::cluster::link::{examine, CallCentre, Speaker};
use mod_callcenter::cluster::{Answer, Lane, Statement, VERSION};
use mod_callcenter::store::{ServerRows, TakeUp};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A database in which box1 has a row.
fn with_a_box(database: &str) -> Option<&'static PrivateServer> {
    let server = server(database)?;
    let rows = ServerRows::unread(TakeUp::ALL);
    let (id, way) = (box_id("box1", 1), addresses(&[server.port], database));
    let mut speaker = Speaker::<CallCentre, _>::new(way, id.clone(), Lane::Writer, rows).expect("a lane");
    let instead_of = None;
    let join = Statement::Join { id, instead_of };
    // On a busy machine a connection may take longer than a second.
    let joined = (0..20).any(|_| matches!(speaker.say(&join), Ok(Answer::Done)));
    assert!(joined, "{:?}", speaker.trouble());
    Some(server)
}

/// Looks until the machine has given the connection its time.
fn examined(server: &PrivateServer, database: &str) -> Result<bool, String> {
    let tries = (0..20).map(|_| examine(&addresses(&[server.port], database), "box2"));
    let mut told = tries.skip_while(|told| *told == Ok(false));
    told.next().unwrap_or(Ok(false))
}

#[test]
fn a_box_of_a_neighbouring_release_may_take_part() {
    let Some(server) = with_a_box("neighbours") else { return };
    for version in [VERSION, VERSION + 1] {
        server.administer("neighbours", &format!("UPDATE cluster_boxes SET version = {version}"));
        let began = Instant::now();
        assert_eq!(examined(server, "neighbours"), Ok(true));
        assert!(began.elapsed() < Duration::from_secs(2), "nobody is watched");
    }
}

#[test]
fn a_box_of_a_release_that_is_too_far_is_refused_as_long_as_another_one_beats() {
    let Some(server) = with_a_box("too_far") else { return };
    server.administer("too_far", "UPDATE cluster_boxes SET version = 7");
    assert_eq!(examined(server, "too_far"), Ok(true), "its beat stands: it is gone");
    let is_over = AtomicBool::new(false);
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                server.administer("too_far", "UPDATE cluster_boxes SET beat = beat + 1");
            }
        });
        let refused = examined(server, "too_far");
        is_over.store(true, Ordering::Relaxed);
        refused
    });
    let refused = refused.expect_err("it is another release");
    for word in ["box1", "version 7", "Upgrade the older ones first"] {
        assert!(refused.contains(word), "{refused}");
    }
    server.administer("too_far", "UPDATE cluster_boxes SET standing = 'left'");
    assert_eq!(examined(server, "too_far"), Ok(true));
}

/// Tables that the release before has made get what they lack.
#[test]
fn what_older_tables_lack_is_made() {
    let Some(server) = with_a_box("older") else { return };
    server.administer(
        "older",
        "ALTER TABLE cluster_boxes DROP COLUMN left_before; DROP TABLE cluster_facts",
    );
    server.administer("older", "UPDATE cluster_boxes SET standing = 'left'");
    let rows = ServerRows::unread(TakeUp::ALL);
    let (id, way) = (box_id("box1", 2), addresses(&[server.port], "older"));
    let mut speaker = Speaker::<CallCentre, _>::new(way, id.clone(), Lane::Writer, rows).expect("a lane");
    let instead_of = Some((box_id("box1", 1), 0));
    let join = Statement::Join {
        id: id.clone(),
        instead_of,
    };
    let joined = (0..20).any(|_| matches!(speaker.say(&join), Ok(Answer::Done)));
    assert!(joined, "{:?}", speaker.trouble());
    let look = Statement::Look { id, leads: None };
    let seen = (0..20).find_map(|_| match speaker.say(&look) {
        Ok(Answer::View(view)) => Some(view),
        _ => None,
    });
    let row = &seen.expect("a look").boxes[0];
    assert_eq!(row.left_before, Some(box_id("box1", 1).incarnation));
    assert_eq!(
        server.administer("older", "SELECT count(*) FROM cluster_facts").trim(),
        "0"
    );
}

/// A pooler in transaction mode gives each transaction another connection: what is listened to on one is not heard on another.
#[test]
fn a_pooler_that_keeps_no_sessions_is_refused() {
    let Some(server) = with_a_box("pooled") else { return };
    let pooler = proxy::Proxy::without_notifications(server.port);
    let way = addresses(&[pooler.port], "pooled");
    let told = (0..20).map(|_| examine(&way, "box2")).find(|told| *told != Ok(false));
    let refused = told.expect("an answer").expect_err("nothing is heard");
    assert!(
        refused.contains("pooler") && refused.contains("Name the server itself"),
        "{refused}"
    );
}

#[test]
fn a_server_that_is_not_reached_is_no_reason() {
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = closed.local_addr().expect("its address").port();
    drop(closed);
    assert_eq!(examine(&addresses(&[port], "x"), "box2"), Ok(false));
}

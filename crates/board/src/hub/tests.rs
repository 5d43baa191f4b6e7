use super::*;
use crate::cluster::tests::member;
use crate::settings::OneBox;

#[test]
fn an_answer_ends_the_silence_at_once() {
    let hub = Hub::new(Arc::new(Settings::default()));
    hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
    hub.silent(0, "FreeSWITCH does not answer");
    assert_eq!(hub.centre().link().is, LinkState::Silent);
    hub.answers_again(0);
    let centre = hub.centre();
    assert_eq!((centre.link().is, centre.link().since), (LinkState::Up, 1));
    hub.silent(0, "FreeSWITCH does not answer");
    hub.lost(0, "the connection was closed");
    hub.answers_again(0);
    assert_eq!(hub.centre().link().is, LinkState::Lost);
}

#[test]
fn a_connection_that_fell_silent_before_it_was_lost_is_counted_as_lost() {
    let hub = Hub::new(Arc::new(Settings::default()));
    hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
    hub.silent(0, "FreeSWITCH does not answer");
    hub.lost(0, "FreeSWITCH has not answered for 8 seconds");
    assert_eq!(hub.counts().losses, 1);
    hub.lost(0, "FreeSWITCH cannot be reached");
    assert_eq!(hub.counts().losses, 1, "it was away already");
}

fn two_boxes() -> Hub {
    let settings = Settings {
        boxes: OneBox::list("left,right").expect("boxes"),
        ..Settings::default()
    };
    Hub::new(Arc::new(settings))
}

fn led(sequence: u64) -> Snapshot {
    Snapshot {
        sequence,
        election: Some("1-1".to_owned()),
        ..Snapshot::default()
    }
}

#[test]
fn an_event_of_any_box_of_the_cluster_counts_once() {
    let hub = two_boxes();
    let event = |election: &str, number| EventMark {
        election: Some(election.to_owned()),
        sequence: Some(number),
    };
    hub.belongs(0, Some(member("1", "leads", &["1", "2"])), None, 1);
    hub.publish(0, led(10), None, Duration::ZERO, 1);
    hub.belongs(1, Some(member("2", "follows", &["1", "2"])), None, 1);
    let counted = || *hub.happenings().borrow();
    hub.happened(1, &event("1-1", 11));
    assert_eq!(counted(), 1, "the other box tells what has happened there");
    hub.publish(0, led(11), None, Duration::ZERO, 2);
    hub.happened(0, &event("1-1", 11));
    assert_eq!(counted(), 1, "the look has it already");
    hub.happened(0, &event("1-2", 1));
    assert_eq!(counted(), 2, "another leader counts anew");
    hub.belongs(1, Some(member("9", "leads", &["9"])), None, 3);
    hub.happened(1, &event("9-1", 1));
    assert_eq!(counted(), 2, "another cluster's is nobody's here");
    hub.happened(0, &EventMark::default());
    assert_eq!(counted(), 3, "one without a number may be anything");
}

#[test]
fn what_is_known_of_a_cluster_stays_whoever_is_asked() {
    let hub = two_boxes();
    hub.belongs(0, Some(member("1", "leads", &["1", "2"])), None, 1);
    hub.publish(0, led(10), None, Duration::ZERO, 1);
    hub.belongs(1, Some(member("2", "follows", &["1", "2"])), None, 1);
    hub.lost(0, "the connection was closed");
    let centre = hub.centre();
    assert_eq!((centre.shown, centre.link().is), (1, LinkState::Up));
    assert_eq!(centre.snapshot().map(|known| known.sequence), Some(10));
    // Its leader is dead, and it does not know yet.
    hub.no_leader(1);
    hub.belongs(1, Some(member("2", "follows", &["1", "2"])), None, 2);
    assert_eq!((hub.shown(), hub.centre().link().is), (1, LinkState::NoLeader));
    hub.belongs(1, Some(member("2", "leads", &["2"])), None, 3);
    hub.publish(1, led(1), None, Duration::ZERO, 3);
    assert_eq!(hub.centre().link().is, LinkState::Up);
    hub.belongs(0, Some(member("3", "follows", &["2", "3"])), None, 4);
    assert_eq!(hub.shown(), 1, "whoever leads goes on being asked");
}

#[test]
fn another_box_is_shown_once_it_has_been_looked_at_and_the_first_again_when_it_is_back() {
    let hub = two_boxes();
    let wanted = hub.wanted();
    hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
    hub.stands_by(1, Vitals::default(), 1);
    assert_eq!((*wanted.borrow(), hub.shown()), (0, 0));
    hub.lost(0, "the connection was closed");
    assert_eq!((*wanted.borrow(), hub.shown()), (1, 0));
    hub.publish(1, Snapshot::default(), None, Duration::ZERO, 2);
    assert_eq!((hub.shown(), hub.centre().link().is), (1, LinkState::Up));
    hub.stands_by(0, Vitals::default(), 3);
    assert_eq!((*wanted.borrow(), hub.shown()), (0, 1));
    hub.publish(0, Snapshot::default(), None, Duration::ZERO, 4);
    assert_eq!(hub.shown(), 0);
}

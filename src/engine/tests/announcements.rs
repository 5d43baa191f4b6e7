//! Announcements to waiting members.

use super::*;

const SOUND: &str = "ivr/ivr-please_stay_on_line.wav";

fn announcing(interval: u32) -> QueueConfig {
    QueueConfig {
        announce_sound: Some(SOUND.to_owned()),
        announce_frequency: interval,
        ..QueueConfig::named(QUEUE)
    }
}

impl Centre {
    /// Takes the announcements put out since the last call.
    fn announcements(&mut self) -> Vec<Announce> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let announce = outputs.filter_map(|output| match output {
            Output::Announce(announce) => Some(announce),
            _ => None,
        });
        announce.collect()
    }

    fn one_announcement(&mut self) -> Announce {
        let mut announcements = self.announcements();
        assert_eq!(
            announcements.len(),
            1,
            "one announcement is expected: {announcements:?}"
        );
        announcements.remove(0)
    }

    fn announcement_ends(&mut self, announce: &Announce, end: AnnouncementEnd) {
        self.tell(Input::AnnouncementEnded {
            member: announce.member,
            announcement: announce.announcement,
            end,
        });
    }
}

#[test]
fn the_interval_counts_from_the_end_and_one_plays_at_a_time() {
    let mut centre = Centre::with_queue(announcing(10));
    let member = centre.caller("100");
    centre.pass(9);
    assert_eq!(centre.announcements(), []);
    centre.pass(1);
    let first = centre.one_announcement();
    assert_eq!(
        (first.member, first.session_uuid.as_str(), first.sounds.as_slice()),
        (member, "session-100", [SOUND.to_owned()].as_slice())
    );
    centre.pass(25);
    assert_eq!(centre.announcements(), [], "the first one is longer than the interval");
    centre.announcement_ends(&first, AnnouncementEnd::Played);
    centre.pass(9);
    assert_eq!(centre.announcements(), []);
    centre.pass(1);
    assert_ne!(centre.one_announcement().announcement, first.announcement);
}

#[test]
fn late_news_of_an_announcement_mean_nothing() {
    let mut centre = Centre::with_queue(QueueConfig {
        abandoned_resume_allowed: true,
        ..announcing(10)
    });
    let member = centre.caller("100");
    centre.pass(10);
    let of_first_stay = centre.one_announcement();
    centre.leave(member);
    assert_eq!(centre.caller("100"), member, "the caller gets the old place");
    centre.pass(10);
    let of_second_stay = centre.one_announcement();
    centre.announcement_ends(&of_first_stay, AnnouncementEnd::Played);
    centre.pass(30);
    assert_eq!(centre.announcements(), [], "the second one still plays");
    centre.announcement_ends(&of_second_stay, AnnouncementEnd::Played);
    centre.announcement_ends(&of_second_stay, AnnouncementEnd::Unplayable);
    centre.pass(10);
    centre.one_announcement();
}

#[test]
fn a_sound_that_cannot_be_played_is_not_tried_again_until_the_queue_is_configured_anew() {
    let mut centre = Centre::with_queue(announcing(10));
    centre.caller("100");
    centre.pass(10);
    let announce = centre.one_announcement();
    centre.announcement_ends(&announce, AnnouncementEnd::Unplayable);
    centre.pass(100);
    assert_eq!(centre.announcements(), []);
    centre.tell(Input::LoadQueue(announcing(10)));
    centre.pass(0);
    centre.one_announcement();
}

#[test]
fn a_member_whose_agent_is_being_put_through_is_spared() {
    let mut centre = Centre::with_queue(announcing(10));
    centre.agent("a1", 1, 1);
    centre.caller("100");
    let ring = centre.one_ring();
    centre.answer(&ring);
    centre.pass(11);
    assert_eq!(centre.announcements(), []);
    centre.fail_bridge(&ring);
    centre.pass(9);
    centre.one_announcement();
}

#[test]
fn nothing_is_announced_to_a_member_who_talks_or_has_left() {
    let mut centre = Centre::with_queue(announcing(10));
    let left = centre.caller("100");
    centre.leave(left);
    centre.agent("a1", 1, 1);
    let talks = centre.caller("200");
    let ring = centre.one_ring();
    centre.talk(&ring, talks);
    centre.pass(100);
    assert_eq!(centre.announcements(), []);
}

#[test]
fn another_interval_counts_from_the_last_announcement_too() {
    let mut centre = Centre::with_queue(announcing(60));
    centre.caller("100");
    centre.pass(20);
    centre.tell(Input::LoadQueue(announcing(30)));
    centre.pass(9);
    assert_eq!(centre.announcements(), []);
    centre.pass(1);
    let announce = centre.one_announcement();
    centre.tell(Input::LoadQueue(announcing(5)));
    centre.pass(10);
    assert_eq!(centre.announcements(), [], "one still plays");
    centre.announcement_ends(&announce, AnnouncementEnd::Played);
    centre.pass(5);
    centre.one_announcement();
}

fn telling(announce_position: PositionTold) -> QueueConfig {
    QueueConfig {
        announce_position,
        announce_position_limit: 2,
        announce_position_frequency: 60,
        announce_position_min_frequency: 20,
        ..QueueConfig::named(QUEUE)
    }
}

fn position(place: usize) -> Vec<String> {
    vec![format!("phrase:callcenter_position:{place}")]
}

#[test]
fn a_position_is_told_at_once_then_when_it_has_changed_and_otherwise_now_and_then() {
    let mut centre = Centre::with_queue(telling(PositionTold::Yes));
    let first = centre.caller("100");
    centre.pass(0);
    let told = centre.one_announcement();
    assert_eq!(told.sounds, position(1));
    centre.announcement_ends(&told, AnnouncementEnd::Played);
    centre.caller("200");
    centre.pass(0);
    let told = centre.one_announcement();
    assert_eq!(told.sounds, position(2));
    centre.announcement_ends(&told, AnnouncementEnd::Played);
    centre.pass(21);
    assert_eq!(centre.announcements(), [], "nothing has changed");
    centre.leave(first);
    centre.pass(18);
    assert_eq!(centre.announcements(), [], "not before its time");
    centre.pass(1);
    let told = centre.one_announcement();
    assert_eq!(told.sounds, position(1));
    centre.announcement_ends(&told, AnnouncementEnd::Played);
    centre.pass(59);
    assert_eq!(centre.announcements(), []);
    centre.pass(1);
    assert_eq!(centre.one_announcement().sounds, position(1));
}

#[test]
fn positions_beyond_the_limit_are_not_told_or_only_that_there_are_more() {
    for (who, beyond) in [
        (PositionTold::Limit, Vec::new()),
        (PositionTold::More, vec!["phrase:callcenter_more_than:2".to_owned()]),
    ] {
        let mut centre = Centre::with_queue(telling(who));
        for number in ["100", "200", "300"] {
            centre.caller(number);
        }
        centre.pass(0);
        let told: Vec<_> = centre.announcements().into_iter().map(|told| told.sounds).collect();
        let mut expected = vec![position(1), position(2)];
        expected.extend(Some(beyond).filter(|sounds| !sounds.is_empty()));
        assert_eq!(told, expected, "{who}");
    }
}

#[test]
fn the_position_counts_those_whose_agents_phones_ring() {
    let mut centre = Centre::with_queue(telling(PositionTold::Yes));
    centre.agent("a1", 1, 1);
    centre.caller("100");
    centre.caller("200");
    centre.pass(0);
    let told: Vec<_> = centre.announcements().into_iter().map(|told| told.sounds).collect();
    assert_eq!(told, [position(1), position(2)]);
}

#[test]
fn periodic_sounds_take_turns_and_count_from_the_beginning_when_asked() {
    let mut centre = Centre::with_queue(QueueConfig {
        periodic_announce_sounds: Some("a.wav,b.wav".to_owned()),
        periodic_announce_frequency: 30,
        periodic_announce_relative: false,
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    for expected in ["a.wav", "b.wav", "a.wav"] {
        centre.pass(20);
        assert_eq!(centre.announcements(), []);
        centre.pass(10);
        let told = centre.one_announcement();
        assert_eq!(told.sounds, [expected]);
        centre.announcement_ends(&told, AnnouncementEnd::Played);
    }
}

#[test]
fn one_programme_waits_for_the_other_and_a_broken_one_is_left_out() {
    let mut centre = Centre::with_queue(QueueConfig {
        announce_sound: Some(SOUND.to_owned()),
        announce_frequency: 20,
        ..telling(PositionTold::Yes)
    });
    centre.caller("100");
    centre.pass(0);
    let of_position = centre.one_announcement();
    centre.pass(30);
    assert_eq!(centre.announcements(), [], "it still plays");
    centre.announcement_ends(&of_position, AnnouncementEnd::Unplayable);
    centre.pass(0);
    let sound = centre.one_announcement();
    assert_eq!(sound.sounds, [SOUND]);
    centre.announcement_ends(&sound, AnnouncementEnd::Played);
    centre.pass(20);
    assert_eq!(
        centre.one_announcement().sounds,
        [SOUND],
        "the phrase is not tried again"
    );
}

#[test]
fn the_agent_hears_of_the_queue_and_of_the_wait_before_being_connected() {
    let mut centre = Centre::with_queue(QueueConfig {
        agent_announce_sound: Some("sales.wav".to_owned()),
        agent_announce_wait: true,
        ..QueueConfig::named(QUEUE)
    });
    centre.caller("100");
    centre.pass(61);
    centre.agent("a1", 1, 1);
    let ring = centre.one_ring();
    centre.answer(&ring);
    let connects = std::mem::take(&mut centre.outputs).into_iter();
    let sounds: Vec<_> = connects
        .filter_map(|output| match output {
            Output::Connect(connect) => Some(connect.sounds),
            _ => None,
        })
        .collect();
    assert_eq!(sounds, [["sales.wav", "phrase:callcenter_waited:2"]]);
}

#[test]
fn the_estimated_wait_is_told_with_the_place_once_a_line_has_moved() {
    for (holdtime, again) in [(EstimateTold::Yes, true), (EstimateTold::Once, false)] {
        let mut centre = Centre::with_queue(QueueConfig {
            announce_holdtime: holdtime,
            ..telling(PositionTold::Yes)
        });
        centre.agent("a1", 1, 1);
        let first = centre.caller("100");
        let ring = centre.one_ring();
        centre.talk(&ring, first);
        let gone = centre.caller("200");
        centre.pass(0);
        assert_eq!(centre.one_announcement().sounds, position(1), "no line has moved yet");
        centre.pass(90);
        centre.leave(gone);
        centre.caller("300");
        centre.pass(0);
        let told = centre.one_announcement();
        let with_estimate = [position(1), vec!["phrase:callcenter_estimated_wait:2".to_owned()]].concat();
        assert_eq!(told.sounds, with_estimate);
        centre.announcement_ends(&told, AnnouncementEnd::Played);
        centre.pass(60);
        let expected = if again { with_estimate } else { position(1) };
        assert_eq!(centre.one_announcement().sounds, expected, "{holdtime}");
    }
}

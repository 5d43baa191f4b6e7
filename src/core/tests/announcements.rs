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
